"""The generic shapes with ccflow's reducer: as its users have it, and the reducer alone.

ccflow's BaseModel adds private attributes to each instance, and sorts the names of the fields that were set. To compare
reducers and nothing else, the second way puts ccflow's on models that are Pydantic's otherwise. It came with ccflow
0.8.4, in ``ccflow.pickling``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

import ccflow  # type: ignore[import-not-found]
from ccflow.pickling import reduce_generic_model_instance  # type: ignore[import-not-found]
from pydantic import BaseModel
from reducer_models import shapes_of

if TYPE_CHECKING:
    from typing import SupportsIndex

T = TypeVar("T")


class CcfloBox(ccflow.BaseModel, Generic[T]):  # type: ignore[misc]
    """As a user of ccflow writes it."""

    value: T
    label: str


class CcfloInner(ccflow.BaseModel, Generic[T]):  # type: ignore[misc]
    """What the nested shape holds."""

    value: T


class CcfloOuter(ccflow.BaseModel, Generic[T]):  # type: ignore[misc]
    """The nested shape."""

    content: T
    label: str


MODEL = shapes_of(CcfloBox[int], CcfloOuter[CcfloInner[int]], CcfloInner[int])


class TheirsMixin:
    """What ccflow's BaseModel does about generic models, without the private attributes that it adds."""

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:  # noqa: ANN401 - a recipe
        """Ask ccflow."""
        recipe = reduce_generic_model_instance(self)
        return super().__reduce_ex__(protocol) if recipe is None else recipe


class TheirBox(TheirsMixin, BaseModel, Generic[T]):
    """With ccflow's reducer alone."""

    value: T
    label: str


class TheirInner(TheirsMixin, BaseModel, Generic[T]):
    """What the nested shape holds."""

    value: T


class TheirOuter(TheirsMixin, BaseModel, Generic[T]):
    """The nested shape."""

    content: T
    label: str


REDUCER = shapes_of(TheirBox[int], TheirOuter[TheirInner[int]], TheirInner[int])
