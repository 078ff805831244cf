"""Where an interpreter comes from."""
