"""Counting days, without a database."""
