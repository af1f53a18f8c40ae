"""Workflows: see README.md."""
