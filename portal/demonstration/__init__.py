"""The demonstration: one local authority at work, made by the real actions.

Data (places, people, agreement texts) lives beside this file; the loader walks it.
Nothing here writes a status itself: each case is taken where it is by the same actions and
tasks a person would use.
"""
