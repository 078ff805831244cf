"""Type arguments: every alias form keeps its spelling, and its specializations travel by reference."""

# mypy: disable-error-code="valid-type"
# (classes are arguments here, which no type checker can follow)

import collections.abc
import copyreg
import functools
import gc
import io
import operator
import pickle
import pickletools
import sys
import typing
from typing import Any, Callable, Dict, Generic, List, NewType, Optional, Tuple, Type, TypeVar, Union

import pytest
import typing_extensions
from pydantic import BaseModel

from picklecheck.reducers._arguments import RewrittenAlias, with_references
from picklecheck.reducers._reference import ClassReference, reference_to

T = TypeVar("T")
Params = typing_extensions.ParamSpec("Params")
Number = NewType("Number", int)


class Box(BaseModel, Generic[T]):
    """A generic model."""

    value: T


class Plain(BaseModel):
    """No generic model."""

    value: int = 0


class Unhashable(BaseModel):
    """Compared by value, so that finding it by equality would be a mistake."""

    held: Any


class Shelf(Generic[T]):
    """A generic class that is no model."""


class Task(Generic[Params, T]):
    """A generic class with a parameter list."""


def unpacked(x: Any) -> Any:
    """Return ``tuple[*tuple[x, int]]``, without the syntax of Python 3.11."""
    of: Any = tuple
    return of[tuple(of[x, int])]


ALIASES: Dict[str, Callable[[Any], Any]] = {
    "typing.List": lambda x: List[x],
    "typing.Dict": lambda x: Dict[str, x],
    "typing.Tuple": lambda x: Tuple[x, ...],
    "typing.Tuple, nested": lambda x: Tuple[int, List[x]],
    "typing.Set": lambda x: typing.Set[x],
    "typing.FrozenSet": lambda x: typing.FrozenSet[x],
    "typing.Type": lambda x: Type[x],
    "typing.Deque": lambda x: typing.Deque[x],
    "typing.Sequence": lambda x: typing.Sequence[x],
    "typing.Iterable": lambda x: typing.Iterable[x],
    "typing.Optional": lambda x: Optional[x],
    "typing.Union": lambda x: Union[int, x, str],
    "typing.Callable": lambda x: typing.Callable[[x, int], x],
    "typing.Callable, dots": lambda x: typing.Callable[..., x],
    "typing.Callable, nothing": lambda x: typing.Callable[[], x],
    "typing.Annotated": lambda x: typing.Annotated[x, "text", 3],
    "typing.Annotated, tuple": lambda x: typing.Annotated[int, (x, [x])],
    "typing.Annotated, dict": lambda x: typing.Annotated[int, {"key": x, x: "value"}],
    "typing.Annotated, set": lambda x: typing.Annotated[int, {x}],
    "typing.Annotated, frozenset": lambda x: typing.Annotated[int, frozenset([x])],
    "typing.Annotated, alias in a list": lambda x: typing.Annotated[int, [List[x]]],
    "typing.ClassVar": lambda x: typing.ClassVar[x],
    "typing.Final": lambda x: typing.Final[x],
    "Required": lambda x: typing_extensions.Required[x],  # typing has it since Python 3.11
    "NotRequired": lambda x: typing_extensions.NotRequired[List[x]],
    "typing.TypeGuard": lambda x: typing.TypeGuard[x],
    "Unpack": lambda x: typing_extensions.Unpack[Tuple[x, ...]],
    "typing.Concatenate": lambda x: typing.Callable[typing.Concatenate[x, Params], int],
    "ReadOnly": lambda x: typing_extensions.ReadOnly[x],
    "list": lambda x: list[x],
    "dict": lambda x: dict[str, list[x]],
    "tuple": lambda x: tuple[x, ...],
    "type": lambda x: type[x],
    "collections.abc.Callable": lambda x: collections.abc.Callable[[x], int],
    "collections.abc.Callable, result": lambda x: collections.abc.Callable[[int], x],
    "collections.abc.Sequence": lambda x: collections.abc.Sequence[x],
    "PEP 604": lambda x: int | x,
    "PEP 604, None": lambda x: x | None,
    "PEP 604 in list": lambda x: list[int | list[x] | None],
    "a user's class": lambda x: Shelf[x],
    "a user's class in a list": lambda x: List[Shelf[List[x]]],
    "a parameter list": lambda x: Task[[x, int], str],
    "a nested specialization": lambda x: List[Box[List[x]]],
    "a partial alias": lambda x: Dict[T, x],
}
if sys.version_info >= (3, 11):
    ALIASES["unpacked tuple"] = unpacked


def plain_dumps(value: object) -> bytes:
    """Pickle, with no fix whatsoever."""
    return pickle.dumps(value)


def modules_named_in(payload: bytes) -> set[str]:
    """Read the modules off a payload of protocol 3, where each global has an opcode of its own."""
    return {str(argument).split()[0] for opcode, argument, _ in pickletools.genops(payload) if opcode.name == "GLOBAL"}


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("make", ALIASES.values(), ids=ALIASES.keys())
def test_alias_keeps_its_spelling(make: Callable[[Any], Any], protocol: int) -> None:
    """What arrives is equal, of the same type and the same representation; the class in it is the very class."""
    alias = make(Box[int])
    with pytest.raises(pickle.PicklingError):
        plain_dumps(alias)

    rewritten = with_references(alias, reference_to, protocol)

    assert isinstance(rewritten, RewrittenAlias)
    loaded = pickle.loads(pickle.dumps(rewritten, protocol))
    assert loaded == alias
    assert type(loaded) is type(alias)
    assert repr(loaded) == repr(alias)


@pytest.mark.parametrize("kind", [set, frozenset])
def test_set_keeps_its_other_elements(kind: Callable[[list[Any]], Any]) -> None:
    """In whatever order it lists them: that of addresses, which differs from one object to its copy."""
    alias = typing.Annotated[int, kind([Box[int], 1, "text"])]
    assert pickle.loads(pickle.dumps(with_references(alias, reference_to, 5))) == alias


@pytest.mark.parametrize("make", ALIASES.values(), ids=ALIASES.keys())
def test_python_pickler_takes_it_too(make: Callable[[Any], Any]) -> None:
    """The pickler that is written in Python checks more than the one in C."""
    alias = make(Box[int])
    stream = io.BytesIO()
    pickle._Pickler(stream).dump(with_references(alias, reference_to, 5))
    assert pickle.loads(stream.getvalue()) == alias


@pytest.mark.parametrize("make", [make for name, make in ALIASES.items() if "nested specialization" not in name])
@pytest.mark.parametrize("argument", [int, Plain, T, Number, Box])
def test_alias_without_specialization_is_left_alone(make: Callable[[Any], Any], argument: Any) -> None:
    """Nothing is built where nothing has to be replaced."""
    alias = make(argument)
    assert with_references(alias, reference_to, 5) is alias


@pytest.mark.parametrize(
    "value",
    [
        int,
        None,
        ...,
        "Box[int]",
        T,
        Params,
        Number,
        Plain,
        Box,
        typing.List,
        typing.Any,
        typing.Literal["a"],
        [1, {"a": (2,)}],
        functools.partial(int, base=2),
    ],
    ids=repr,
)
def test_anything_else_is_left_alone(value: object) -> None:
    """Plain classes, TypeVars, NewTypes and so on are pickled as ever."""
    assert with_references(value, reference_to, 5) is value


def test_forward_reference() -> None:
    """It keeps compiled code, which cannot be pickled; what arrives is equal to it."""
    for alias in (List["Later"], typing.Dict[str, "Later"], typing.Callable[["Later"], int]):  # type: ignore[name-defined] # noqa: F821
        with pytest.raises(TypeError):
            plain_dumps(alias)
        assert pickle.loads(pickle.dumps(with_references(alias, reference_to, 5))) == alias
    elsewhere = typing.ForwardRef("Later", module="somewhere")
    loaded = pickle.loads(pickle.dumps(with_references(elsewhere, reference_to, 5)))
    assert loaded == elsewhere
    assert loaded.__forward_module__ == "somewhere"


def test_model_instance_is_data() -> None:
    """An instance is no type, not even one that holds a specialization or an alias of one."""
    held = Unhashable(held=[Box[int], List[Box[int]]])
    alias = typing.Annotated[int, held]
    assert with_references(held, reference_to, 5) is held
    assert with_references(alias, reference_to, 5) is alias


def test_container_type_is_kept() -> None:
    """A list stays a list; a subclass of one is somebody's data and not searched."""
    specialization = Box[int]
    for container in ((1, specialization), [specialization], {specialization}, frozenset([specialization])):
        assert type(with_references(container, reference_to, 5)) is type(container)

    class Special(List[Any]):
        pass

    special = Special([specialization])
    assert with_references(special, reference_to, 5) is special


def test_own_reducer_of_an_alias_form_is_asked_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry in copyreg.dispatch_table goes before __reduce_ex__, as in pickle."""
    alias = List[Box[int]]
    monkeypatch.setitem(copyreg.dispatch_table, type(alias), lambda found: (operator.getitem, (Tuple, found.__args__)))
    loaded = pickle.loads(pickle.dumps(with_references(alias, reference_to, 5)))
    assert loaded == Tuple[Box[int]]


def test_one_reference_for_a_class() -> None:
    """Pickle's memo goes by identity."""
    assert reference_to(Box[int]) is reference_to(Box[int])
    assert reference_to(Box[int]) is not reference_to(Box[str])


def test_nested_specialization_is_stored_once() -> None:
    """The reference in the arguments is the same as the one for the class."""
    inner = Box[int]
    both = [reference_to(inner), reference_to(Box[List[inner]]), reference_to(Box[inner])]
    payload = pickle.dumps(both)
    assert pickle.loads(payload) == [inner, Box[List[inner]], Box[inner]]
    getitem_calls = [opcode.name for opcode, _, _ in pickletools.genops(payload)].count("REDUCE")
    assert getitem_calls == 4  # Box[int], List[...], Box[List[...]], Box[Box[int]]


def test_payload_names_nothing_of_ours() -> None:
    """Neither the reference nor the rewritten alias shows."""
    payload = pickle.dumps(reference_to(Box[List[Optional[Box[int]]]]), 3)
    assert modules_named_in(payload) == {"_operator", "typing", "builtins", __name__}


def test_reference_to_a_class_that_is_gone() -> None:
    """Says so; cannot happen while an instance is pickled."""

    class Local(BaseModel, Generic[T]):
        value: T

    reference = ClassReference(Local[int])
    del Local
    gc.collect()
    with pytest.raises(ReferenceError, match="no longer exists"):
        pickle.dumps(reference)
