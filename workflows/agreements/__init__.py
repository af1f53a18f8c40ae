"""Agreements: see README.md."""
