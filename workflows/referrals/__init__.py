"""Referrals: see README.md."""
