"""Reintegration: see README.md."""
