"""Families: see README.md."""
