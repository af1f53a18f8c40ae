"""Permissions: see README.md."""
