"""State: everything an instance carries arrives as it was."""

from typing import Any, Generic, Optional, TypeVar

from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError

from repros import scenario

T = TypeVar("T")


class Box(BaseModel, Generic[T]):
    """Holds one value, and a label that may be left out."""

    value: T
    label: str = "none"


class Counter(BaseModel, Generic[T]):
    """Keeps a private count."""

    value: T
    _count: int = PrivateAttr(default=0)


class Open(BaseModel, Generic[T]):
    """Takes fields that it does not declare."""

    model_config = ConfigDict(extra="allow")

    value: T


class Frozen(BaseModel, Generic[T]):
    """Cannot be changed, and so can be hashed."""

    model_config = ConfigDict(frozen=True)

    value: T


class Node(BaseModel, Generic[T]):
    """Points at another node, which the annotation must not name: that would create the specialization."""

    value: T
    next: Optional[Any] = None


@scenario("Counter[int]")
def private_attributes(cls):
    """Private attributes travel."""
    counter = cls(value=5)
    counter._count = 3
    return counter


@scenario("Open[int]")
def extra_fields(cls):
    """Extra fields travel."""
    return cls(value=5, colour="red")


@scenario("Box[int]")
def fields_set(cls):
    """A field left at its default is not one that was set to it."""
    return [cls(value=5), cls(value=5, label="none")]


@fields_set.check
def _(loaded):
    assert [box.model_dump(exclude_unset=True) for box in loaded] == [{"value": 5}, {"value": 5, "label": "none"}], (
        "the fields that were set are not the ones that arrived"
    )


@scenario("Frozen[int]")
def frozen_model(cls):
    """A frozen model is filled on arrival, and frozen afterwards."""
    return cls(value=5)


@frozen_model.check
def _(loaded):
    try:
        loaded.value = 6
    except ValidationError:
        return
    message = "a frozen model arrived thawed"
    raise AssertionError(message)


@scenario("Frozen[int]")
def frozen_as_key(cls):
    """A frozen model as a key, whose hash needs class and state at once."""
    return {cls(value=5): "five"}


@frozen_as_key.check
def _(loaded):
    (key,) = loaded
    assert loaded.get(key.model_copy()) == "five", "an equal key does not find the entry"


@scenario("Box[int]")
def unvalidated(cls):
    """State that no longer validates arrives unchanged."""
    return cls.model_construct(value="not a number")


@scenario("Box[Any]")
def shared_reference(cls):
    """A list that two instances share stays shared."""
    shared = [1, 2]
    return [cls(value=shared), cls(value=shared)]


@shared_reference.check
def _(loaded):
    assert loaded[0].value is loaded[1].value, "one list arrived as two"


@scenario("Node[int]")
def cycle(cls):
    """An instance that leads back to itself."""
    first, second = cls(value=1), cls(value=2)
    first.next, second.next = second, first
    return first


@cycle.check
def _(loaded):
    assert loaded.next is not loaded, "two nodes arrived as one"
    assert loaded.next.next is loaded, "the cycle was cut open"
