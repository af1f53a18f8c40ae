"""The database of this slice, step by step."""
