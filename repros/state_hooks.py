"""State, and the code of the model's own that loading must leave alone, or must run."""

import functools
import pickle
from typing import Any, Generic, List, Optional, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, field_validator, model_validator

from repros import scenario

T = TypeVar("T")

# What ran in this process. The receiver starts with an empty list, and loading must leave it empty.
RAN: List[str] = []


class Validated(BaseModel, Generic[T]):
    """Tells when a validator ran."""

    value: T

    @field_validator("value")
    @classmethod
    def _field(cls, value: Any) -> Any:
        RAN.append("field_validator")
        return value

    @model_validator(mode="before")
    @classmethod
    def _before(cls, data: Any) -> Any:
        RAN.append("model_validator")
        return data

    def model_post_init(self, _context: Any, /) -> None:
        """Run after every validation."""
        RAN.append("model_post_init")


def make_tags() -> List[str]:
    """Tell that a default factory ran."""
    RAN.append("default_factory")
    return ["made"]


class Tagged(BaseModel, Generic[T]):
    """Makes its tags, public and private, by a factory."""

    value: T
    tags: List[str] = Field(default_factory=make_tags)
    _notes: List[str] = PrivateAttr(default_factory=make_tags)


class Squared(BaseModel, Generic[T]):
    """Computes its square once."""

    value: T

    @functools.cached_property
    def square(self) -> Any:
        """The expensive result."""
        RAN.append("cached_property")
        return self.value * self.value


class Blob:
    """Bytes that leave the stream where the protocol allows it, as an array does."""

    def __init__(self, data: Any) -> None:
        self.data = memoryview(data)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return Blob, (pickle.PickleBuffer(self.data) if protocol >= 5 else bytes(self.data),)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Blob) and self.data == other.data

    __hash__ = None


class Frame(BaseModel, Generic[T]):
    """Carries a blob."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    value: T
    blob: Blob


class Handle:
    """Refuses to be pickled, as a lock or a socket does."""

    def __reduce_ex__(self, protocol: Any) -> Any:
        message = "a handle cannot travel"
        raise TypeError(message)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Handle)

    __hash__ = None


class Connected(BaseModel, Generic[T]):
    """Leaves its handle at home and opens another one on arrival."""

    value: T
    _handle: Optional[Handle] = PrivateAttr(default_factory=Handle)

    @property
    def is_connected(self) -> bool:
        """Whether there is a handle."""
        return self._handle is not None

    def __getstate__(self) -> Any:
        state = super().__getstate__()
        return {**state, "__pydantic_private__": {"_handle": None}}

    def __setstate__(self, state: Any) -> None:
        super().__setstate__(state)
        RAN.append("__setstate__")
        self._handle = Handle()


@scenario("Validated[int]")
def validators_stay_quiet(cls):
    """Validators and model_post_init do not run on load."""
    return cls(value=5)


@scenario("Tagged[int]")
def factories_stay_quiet(cls):
    """Default factories do not run on load."""
    return cls(value=5)


@scenario("Squared[int]")
def cached_property(cls):
    """A cached_property arrives with its result."""
    squared = cls(value=5)
    assert squared.square == 25
    return squared


@cached_property.check
def _(loaded):
    assert not RAN, "loading computed the result again"
    assert loaded.__dict__.get("square") == 25, "the result stayed behind"


@validators_stay_quiet.check
@factories_stay_quiet.check
def _(_loaded):
    assert not RAN, "loading ran " + ", ".join(RAN)


@scenario("Frame[int]", buffers=1)
def out_of_band_buffer(cls):
    """A protocol-5 buffer stays out of the stream."""
    return cls(value=5, blob=Blob(b"picklecheck" * 1000))


@out_of_band_buffer.check
def _(loaded):
    assert bytes(loaded.blob.data) == b"picklecheck" * 1000, "the buffer arrived with other bytes"


@scenario("Connected[int]")
def own_getstate(cls):
    """A model's own __getstate__ and __setstate__ are honoured."""
    return cls(value=5)


@own_getstate.check
def _(loaded):
    assert loaded.is_connected, "__setstate__ did not open a handle"
    assert RAN == ["__setstate__"], "__setstate__ ran %d times" % RAN.count("__setstate__")
