"""One of two modules that evaluate the same specialization; see `repros.order`."""

from repros.order import Box

HELD = Box[int]
