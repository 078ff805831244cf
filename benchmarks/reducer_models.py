"""The models that are pickled: each shape once a way to make it portable, every specialization at module scope.

So pickle finds the specializations by name and cloudpickle stores them by reference, and the process that loads is
warm: what stock Pydantic can do at its best. Names are of one length, lest they decide about bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from picklecheck.reducers import PortableGenericsMixin, portable

T = TypeVar("T")
Build = Callable[[int], BaseModel]


@dataclass(frozen=True)
class Shapes:
    """What makes the value number ``n`` of each shape, in one way."""

    flat: Build
    nested: Build


def shapes_of(box: Callable[..., BaseModel], outer: Callable[..., BaseModel], inner: Callable[..., Any]) -> Shapes:
    """Return what fills these classes."""
    return Shapes(
        flat=lambda n: box(value=n, label=f"number {n}"),
        nested=lambda n: outer(content=inner(value=n), label=f"number {n}"),
    )


class StockBox(BaseModel, Generic[T]):
    """As Pydantic has it; the levels are measured with this one, too."""

    value: T
    label: str


class StockInner(BaseModel, Generic[T]):
    """What the nested shape holds."""

    value: T


class StockOuter(BaseModel, Generic[T]):
    """The nested shape."""

    content: T
    label: str


STOCK = shapes_of(StockBox[int], StockOuter[StockInner[int]], StockInner[int])


class NamedBox(StockBox[int]):
    """A subclass that a source file defines: no specialization."""


class NamedInner(StockInner[int]):
    """What the nested shape holds."""


class NamedOuter(StockOuter[NamedInner]):
    """The nested shape."""


NAMED = shapes_of(NamedBox, NamedOuter, NamedInner)


class MixinBox(PortableGenericsMixin, BaseModel, Generic[T]):
    """With the mixin."""

    value: T
    label: str


class MixinInner(PortableGenericsMixin, BaseModel, Generic[T]):
    """What the nested shape holds."""

    value: T


class MixinOuter(PortableGenericsMixin, BaseModel, Generic[T]):
    """The nested shape."""

    content: T
    label: str


MIXIN = shapes_of(MixinBox[int], MixinOuter[MixinInner[int]], MixinInner[int])


@portable
class DecorBox(BaseModel, Generic[T]):
    """With the decorator."""

    value: T
    label: str


@portable
class DecorInner(BaseModel, Generic[T]):
    """What the nested shape holds."""

    value: T


@portable
class DecorOuter(BaseModel, Generic[T]):
    """The nested shape."""

    content: T
    label: str


PORTABLE = shapes_of(DecorBox[int], DecorOuter[DecorInner[int]], DecorInner[int])


class Plain(BaseModel):
    """No specialization."""

    value: int
    label: str


class Wide(BaseModel):
    """No specialization either, with five fields."""

    number: int
    label: str
    share: float
    is_open: bool
    tags: list[str]


def plain(n: int) -> BaseModel:
    """Fill a plain model."""
    return Plain(value=n, label=f"number {n}")


def wide(n: int) -> BaseModel:
    """Fill a model of five fields."""
    return Wide(number=n, label=f"number {n}", share=n / 7, is_open=n % 2 == 0, tags=["all", f"tag {n}"])
