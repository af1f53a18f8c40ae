"""Cases: see README.md."""
