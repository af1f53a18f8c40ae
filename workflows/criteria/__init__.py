"""The criteria of a partnership: a table of rules that advises whoever screens a referral."""
