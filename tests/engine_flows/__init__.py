"""A small process of its own for the engine's tests: a parcel is packed, checked and sent."""
