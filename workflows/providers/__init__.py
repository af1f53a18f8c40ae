"""Providers: see README.md."""
