"""Providers: each partnership's directory of those it may offer a pupil to."""
