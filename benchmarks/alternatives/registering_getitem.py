"""Registered by name: a mixin puts each class that the brackets create into its module, for pickle to find it there.

The idea is passed around in pydantic #1667, #1686 and #7503.
"""

import sys

import pydantic


class Registered:
    """Stores what the brackets create under its own name."""

    def __class_getitem__(cls, arguments):
        """Create the specialization, and register it."""
        created = super().__class_getitem__(arguments)
        vars(sys.modules[created.__module__])[created.__name__] = created
        return created


class Model(Registered, pydantic.BaseModel):
    """The base class."""


BEFORE = ""
