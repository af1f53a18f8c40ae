"""Calendar: see README.md."""
