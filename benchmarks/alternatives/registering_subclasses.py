"""Registered by name, at another moment: the mixin registers each class as it comes into being.

The idea is from a comment in pydantic #9390, and has been copied into projects since.
"""

import sys

import pydantic


class Registered:
    """Stores each subclass under its own name."""

    def __init_subclass__(cls, **options):
        """Register the class unless the name is taken."""
        super().__init_subclass__(**options)
        vars(sys.modules[cls.__module__]).setdefault(cls.__qualname__, cls)


class Model(Registered, pydantic.BaseModel):
    """The base class."""


BEFORE = ""
