"""Cases: one pupil's journey from referral to closure, and who may see which part of it."""
