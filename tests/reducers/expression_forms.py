"""What type expressions are made of: names, the forms that join them, and the value that each takes.

All is source text. The names are those of ``programs/property_models.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Kind:
    """A type expression, with a value that its field takes; ``""`` where none can be sent or none is known."""

    text: str
    value: str = ""
    is_hashable: bool = True
    is_class: bool = False
    variables: tuple[str, ...] = ()  # TypeVars that are still free


@dataclass(frozen=True)
class Form:
    """How kinds make another one: ``{0}`` in the text is the first one's, in the value its value.

    ``empty`` is the value where one of theirs is missing, or would have to be hashable and is not.
    """

    text: str
    value: str = ""
    empty: str = ""
    is_set: bool = False
    is_hashable: bool = False

    @property
    def size(self) -> int:
        """The number of kinds that it takes."""
        return 2 if "{1}" in self.text else 1


@dataclass(frozen=True)
class Model:
    """A generic model: its name, the values of its fields, and one field that may hold anything, unvalidated."""

    name: str
    fields: str
    anything: str
    size: int = 1
    is_hashable: bool = False
    has_bare_fields: bool = True  # value: T, not List[T]

    def made_of(self, value: str) -> str:
        """Return the call that makes an instance without validation."""
        return f".model_construct({self.anything.format(value)})"


@dataclass(frozen=True)
class Specialization(Kind):
    """One, with the model that it is of and the call that makes an instance of it."""

    model: Model = Model("BaseModel", "", "")
    call: str = ""


ATOMS = [
    Kind("int", "1", is_class=True),
    Kind("str", "'a'", is_class=True),
    Kind("Plain", "Plain(held=1)", is_hashable=False, is_class=True),
    Kind("None", "None"),
    Kind("bytes", "b'x'", is_class=True),
    Kind("bool", "True", is_class=True),
    Kind("float", "1.5", is_class=True),
    Kind("Any", "('anything', 1)"),
    Kind("object", "(b'object',)", is_class=True),
    Kind("Color", "Color.RED", is_class=True),
    Kind("Level", "Level.HIGH", is_class=True),
    Kind("Record", "Record(held=2)", is_hashable=False, is_class=True),
    Kind("Point", "Point(1, 'y')", is_class=True),
    Kind("Movie", "{'title': 'x'}", is_hashable=False),
    Kind("UserId", "3"),
    Kind("Positive", "5"),
    Kind("SharedAlias", "[Box[datetime.time](value=datetime.time(1, 2))]", is_hashable=False),
    Kind("TimeBox", "TimeBox(value=datetime.time(1, 2))", is_hashable=False, is_class=True),
    Kind("Box", "Box(value=1)", is_hashable=False, is_class=True, variables=("T",)),
    Kind("Pair", "Pair(first=1, second=2)", is_hashable=False, is_class=True, variables=("T", "U")),
    Kind("datetime.date", "datetime.date(2020, 1, 2)", is_class=True),
    Kind("decimal.Decimal", "decimal.Decimal('1.50')", is_class=True),
    Kind("typing.Literal['a', 1]", "'a'"),
    Kind("typing.Literal[1, 'a']", "1"),
    Kind("typing.Literal[True]", "True"),
    Kind("typing.Literal[Color.RED, None, b'x']", "Color.RED"),
    Kind("typing.Literal[Level.HIGH]", "Level.HIGH"),
    Kind("typing.List", "[1]", is_hashable=False),
    Kind("list", "[1]", is_hashable=False, is_class=True),
    Kind("typing.Dict", "{1: 2}", is_hashable=False),
    Kind("typing.Tuple", "(1, 2)"),
    Kind("typing.Tuple[()]", "()"),
    Kind("tuple[()]", "()"),
    Kind("typing.Callable", "len"),
    Kind("typing.Type", "int"),
    Kind("typing.List['Plain']"),
    Kind("typing.Optional['Plain']"),
]
VARIABLES = [Kind(name, variables=(name,)) for name in ("T", "U", "Bound", "Choice")]

# Not typing.Iterable: Pydantic validates it lazily, and its iterator cannot be pickled by anybody.
UNARY = [
    Form("typing.List[{0}]", "[{0}]", "[]"),
    Form("list[{0}]", "[{0}]", "[]"),
    Form("typing.Optional[{0}]", "{0}", "None", is_hashable=True),
    Form("({0}) | None", "{0}", "None", is_hashable=True),
    Form("typing.Set[{0}]", "{{{0}}}", "set()", is_set=True),
    Form("set[{0}]", "{{{0}}}", "set()", is_set=True),
    Form("typing.FrozenSet[{0}]", "frozenset([{0}])", "frozenset()", is_set=True, is_hashable=True),
    Form("frozenset[{0}]", "frozenset([{0}])", "frozenset()", is_set=True, is_hashable=True),
    Form("typing.Tuple[{0}]", "({0},)", is_hashable=True),
    Form("typing.Tuple[{0}, ...]", "({0}, {0})", "()", is_hashable=True),
    Form("tuple[{0}]", "({0},)", is_hashable=True),
    Form("tuple[{0}, ...]", "({0}, {0})", "()", is_hashable=True),
    Form("typing.Sequence[{0}]", "[{0}]", "[]"),
    Form("collections.abc.Sequence[{0}]", "({0},)", "()"),
    Form("typing.Deque[{0}]", "collections.deque([{0}])", "collections.deque()"),
    Form("collections.deque[{0}]", "collections.deque([{0}])", "collections.deque()"),
    Form("typing.AbstractSet[{0}]", "{{{0}}}", "set()", is_set=True),
    Form("typing.Dict[str, {0}]", "{{'key': {0}}}", "{{}}"),
    Form("collections.abc.Mapping[str, {0}]", "{{'key': {0}}}", "{{}}"),
    Form("typing.Callable[..., {0}]", "len", "len", is_hashable=True),
    Form("typing.Callable[[], {0}]", "len", "len", is_hashable=True),
    Form("collections.abc.Callable[..., {0}]", "len", "len", is_hashable=True),
    Form("Holder[{0}]"),
]
# Of a model with bare fields only: typing refuses them in brackets of its own.
QUALIFIERS = [Form("typing.Final[{0}]", "{0}"), Form("typing.ClassVar[{0}]")]
BINARY = [
    Form("typing.Union[{0}, {1}]", "{0}", is_hashable=True),
    Form("typing.Union[{1}, None, {0}]", "{0}", "None", is_hashable=True),
    Form("({0}) | ({1})", "{0}", is_hashable=True),
    Form("typing.Tuple[{0}, {1}]", "({0}, {1})", is_hashable=True),
    Form("tuple[{0}, {1}]", "({0}, {1})", is_hashable=True),
    Form("typing.Dict[{0}, {1}]", "{{{0}: {1}}}", "{{}}", is_set=True),
    Form("dict[{0}, {1}]", "{{{0}: {1}}}", "{{}}", is_set=True),
    Form("typing.Mapping[{0}, {1}]", "{{{0}: {1}}}", "{{}}", is_set=True),
    Form("typing.Callable[[{0}], {1}]", "len", "len", is_hashable=True),
    Form("typing.Callable[[{0}, {1}], None]", "len", "len", is_hashable=True),
    Form("collections.abc.Callable[[{0}], {1}]", "len", "len", is_hashable=True),
    Form("collections.abc.Callable[[{0}, {1}, {0}], {1}]", "len", "len", is_hashable=True),
]
# Of a union, nobody can tell any more what a TypeVar in it stood for.
UNIONS = [
    Form("typing.Optional[{0}]"),
    Form("typing.Union[{0}, {1}]"),
    Form("typing.Union[{0}, int]"),
    Form("typing.List[typing.Union[str, {0}]]"),
    Form("list[({0}) | ({1})]"),
]
TO_UNITE = [
    Kind("typing.Union[int, str]"),
    Kind("typing.Union[str, int]"),
    Kind("typing.Optional[int]"),
    Kind("str | bytes"),
    Kind("int"),
    Kind("None"),
]
OF_CLASSES = [
    Form("typing.Type[{0}]", "{0}", is_hashable=True),
    Form("type[{0}]", "{0}", is_hashable=True),
    Form("typing.Type[typing.Union[{0}, int]]", "int", "int", is_hashable=True),
]
# {0} is a specialization. A class itself would be asked by Pydantic for the field's schema.
METADATA = [
    "'text'",
    "3",
    "True",
    "1.5",
    "None",
    "('a', 1)",
    "Color.RED",
    "len",
    "typing.List[int]",
    "({0}, 3)",
    "frozenset([{0}])",
    "frozenset([{0}, Plain, 1])",
    "(typing.List[{0}], ('deep', {0}))",
    "list[{0}]",
]
MODELS = [
    Model("Box", "value={0}", "value={0}"),
    Model("Pair", "first={0}, second={1}", "first={0}", size=2),
    Model("ListBox", "items=[{0}]", "items={0}", has_bare_fields=False),
    Model("Root", "{0}", "{0}"),
    Model("Wider", "value=[{0}]", "value={0}", has_bare_fields=False),
    Model("Longer", "first={1}, second={0}", "second={0}", size=2),
    Model("Node", "value={0}, next={{'value': {0}}}", "value={0}"),
    Model("Rich", "value={0}, surplus=[{0}]", "value={0}, surplus={{1: {0}}}"),
    Model("Frozen", "value={0}", "value={0}", is_hashable=True),
    Model("Bounded", "value={0}", "value={0}"),
]


def merged(kinds: Sequence[Kind]) -> tuple[str, ...]:
    """Return the free TypeVars of several kinds, in the order in which they come up."""
    return tuple(dict.fromkeys(name for kind in kinds for name in kind.variables))


def of_form(form: Form, kinds: Sequence[Kind]) -> Kind:
    """Apply a form; it need not use all of the kinds."""
    values = [kind.value for kind in kinds]
    is_full = all(values) and (kinds[0].is_hashable or not form.is_set)
    return Kind(
        text=form.text.format(*(kind.text for kind in kinds)),
        value=(form.value if is_full else form.empty).format(*values),
        is_hashable=form.is_hashable and all(kind.is_hashable for kind in kinds),
        variables=merged(kinds[: form.size]),
    )


def named(kind: Kind) -> Kind:
    """Return what may be annotated: ``Annotated[Positive, 'text']`` is flattened to an alias that has no name."""
    return ATOMS[0] if kind.text == "Positive" else kind


def of_model(model: Model, kinds: Sequence[Kind], fillings: Sequence[Kind] = ()) -> Specialization:
    """Specialize a model; the fillings complete a partial specialization, as many as it has parameters."""
    text = f"{model.name}[{', '.join(kind.text for kind in kinds)}]"
    if fillings:
        text += f"[{', '.join(filling.text for filling in fillings)}]"
    values = [kind.value for kind in kinds]
    is_valid = all(values) and not fillings
    call = f"({model.fields.format(*values)})" if is_valid else model.made_of("1")
    return Specialization(
        text=text,
        value=text + call,
        is_hashable=model.is_hashable and (not is_valid or kinds[0].is_hashable),
        is_class=True,
        variables=merged(fillings or kinds),
        model=model,
        call=call,
    )
