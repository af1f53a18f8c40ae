"""Placements: see README.md."""
