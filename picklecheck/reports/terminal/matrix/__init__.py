"""The sections of a matrix on a terminal."""
