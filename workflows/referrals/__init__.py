"""Referrals: a school asks for a place, the partnership screens it, a panel decides."""
