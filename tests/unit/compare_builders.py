"""Values to compare, of classes of every kind, and copies of their classes as a receiver may have them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, PrivateAttr, RootModel

T = TypeVar("T")


class Box(BaseModel, Generic[T]):
    """Holds one value."""

    value: T


class Frozen(BaseModel, Generic[T]):
    """Can be a key."""

    model_config = ConfigDict(frozen=True)

    value: T


class Open(BaseModel):
    """Takes any field, keeps a secret, and has a default."""

    model_config = ConfigDict(extra="allow")

    value: int = 5
    _secret: int = PrivateAttr(default=1)

    if TYPE_CHECKING:

        def __init__(self, **data: object) -> None:
            """Take any field, which a checker would not believe."""


class Root(RootModel[list[int]]):
    """Is a list."""


class Plain:
    """Has attributes and no notion of equality."""

    def __init__(self, **attributes: object) -> None:
        self.__dict__.update(attributes)


class Slotted:
    """Keeps its attributes in slots."""

    __slots__ = ("__weakref__", "left")

    def __init__(self, left: object) -> None:
        self.left = left


class MoreSlots(Slotted):
    """Adds a slot, named without a tuple, to those that it inherits."""

    __slots__ = "right"  # noqa: PLC0205 - that is the point

    def __init__(self, left: object, right: object) -> None:
        super().__init__(left)
        self.right = right


class OpenSlots:
    """Has a slot, and room for more."""

    __slots__ = ("__dict__", "left")

    def __init__(self, left: object, **attributes: object) -> None:
        self.left = left
        self.__dict__.update(attributes)


@dataclasses.dataclass
class Point:
    """Compares its fields by ``==``."""

    x: object


@dataclasses.dataclass(eq=False)
class Sketch:
    """Compares by identity."""

    x: object


@dataclasses.dataclass(frozen=True)
class FrozenPoint:
    """Can be a key."""

    x: object


class Shout:
    """Cannot be printed."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return False

    def __repr__(self) -> str:
        raise RuntimeError


def copy_of(cls: Any) -> Any:
    """Return another specialization with the names, origin and arguments of ``cls``, as cloudpickle ships one."""
    metadata = cls.__pydantic_generic_metadata__
    return type(cls)(
        cls.__name__,
        (metadata["origin"],),
        {"__module__": cls.__module__, "__qualname__": cls.__qualname__},
        __pydantic_generic_metadata__=metadata,
        __pydantic_reset_parent_namespace__=False,
    )


BOX: Any = Box[int]
BOX_COPY: Any = copy_of(BOX)
FROZEN: Any = Frozen[int]
FROZEN_COPY = copy_of(FROZEN)


class Cyclic:
    """Builds values that lead back to themselves."""

    @staticmethod
    def alone() -> list[object]:
        """Return a list that holds itself."""
        items: list[object] = []
        items.append(items)
        return items

    @staticmethod
    def model() -> Any:
        """Return a model that holds itself."""
        box = BOX.model_construct(value=None)
        box.value = box
        return box

    @staticmethod
    def ring(length: int) -> Plain:
        """Return the first of a ring of objects."""
        ring = [Plain() for _ in range(length)]
        for one, following in zip(ring, ring[1:] + ring[:1], strict=True):
            one.__dict__["next"] = following
        return ring[0]
