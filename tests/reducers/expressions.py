"""Generated examples for the property tests: a class expression, and a value with instances of that class.

Both are source text: an example is what a user would write, reads as one line, and is evaluated by the process that it
is meant for. The names in them are those of ``programs/property_models.py``; in a value, ``C`` is the class.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from expression_forms import (
    ATOMS,
    BINARY,
    METADATA,
    MODELS,
    OF_CLASSES,
    QUALIFIERS,
    TO_UNITE,
    UNARY,
    UNIONS,
    VARIABLES,
    Form,
    Kind,
    Model,
    Specialization,
    merged,
    named,
    of_form,
    of_model,
)
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

    Draw = Callable[[st.SearchStrategy[Any]], Any]
    Shape = Callable[[Draw, "Scope"], Kind]

DEPTH = 4
FEW_VARIABLES = st.sampled_from([*ATOMS, *VARIABLES])
MANY_VARIABLES = st.one_of(st.sampled_from(VARIABLES), FEW_VARIABLES)
ALIASES = st.sampled_from([*UNARY, *BINARY])
TYPES = st.sampled_from(OF_CLASSES)
UNITED = st.builds(of_form, st.sampled_from(UNIONS), st.lists(st.sampled_from(VARIABLES), min_size=2, max_size=2))
TO_UNITE_WITH = st.sampled_from(TO_UNITE)
IN_TWO_STEPS = st.sampled_from([False, False, True])
SEPARATOR = " :: "  # not "|", which types have


@dataclass(frozen=True)
class Example:
    """What one process evaluates and sends, and another one evaluates after having loaded it."""

    cls: str
    value: str

    def __str__(self) -> str:
        return f"{self.cls}{SEPARATOR}{self.value}"


# {0} and {1} are instances of C, {2} is another specialization's.
VALUES = [
    "{0}",
    "{0}",
    "[{0}, {1}]",
    "{{'a': {0}, 1: ({1}, [{2}])}}",
    "shared({0})",
    "tied({0})",
    "tied({0}, {1}, {2})",
    "shared(tied({0}, {2}))",
    "Plain(held={0})",
    "Record(held=[{0}, {2}])",
    "Point(1, {0})",
    "Holder(held={0})",
    "Box[Any](value={0})",
    "with_private(Rich[Any](value={0}, surplus={1}), {2})",
    "Node[Any](value={0}, next=Node[Any](value=C{3}))",
    "ListBox[Any].model_construct(items=[{0}], table=None, _fields_set=set())",
]
HASHABLES = ["{{{0}}}", "frozenset([{0}])", "{{{0}: {1}}}", "Frozen[Any](value={0})"]
OF_THE_CLASS = [
    "C",
    "[C, {0}, C]",
    "Plain(held=C)",
    "Box[Any](value=C)",
    "Frozen[type](value=C)",
    "{{C: {0}}}",
    "frozenset([C, 1])",
    "shared(Record(held=C))",
    "[typing.List[C], list[C]]",
    "(typing.Optional[C], C | None, int | C)",
    "[typing.Callable[[C], C], collections.abc.Callable[..., C]]",
    "Plain(held=typing.Annotated[typing.Type[C], (C, 'text')])",
    "typing.Dict[str, typing.Tuple[C, ...]]",
]


@dataclass(frozen=True)
class Scope:
    """Where something is generated: how deep brackets may still be nested, and which names end that."""

    depth: int
    with_classes: bool  # whether a specialization can be sent as a value
    names: st.SearchStrategy[Kind] = FEW_VARIABLES

    def within(self) -> Scope:
        """Return the scope between brackets."""
        return replace(self, depth=self.depth - 1)


@st.composite
def kinds(draw: Draw, scope: Scope) -> Kind:
    """Return a type expression. One strategy for all depths, so that an example shrinks to the part that fails."""
    shape: Shape = draw(SHAPES if scope.depth else NAMES_ONLY)
    return shape(draw, scope)


def name(draw: Draw, scope: Scope) -> Kind:
    """Return ``int``."""
    kind: Kind = draw(scope.names)
    return kind


def specialized(draw: Draw, scope: Scope) -> Kind:
    """Return ``Box[...]``."""
    specialization: Specialization = draw(specializations(scope))
    return specialization


def alias(draw: Draw, scope: Scope) -> Kind:
    """Return ``List[...]``, ``Dict[..., ...]``."""
    form = draw(ALIASES)
    return of_form(form, [draw(kinds(scope.within())) for _ in range(form.size)])


def type_of(draw: Draw, scope: Scope) -> Kind:
    """Return ``Type[...]``, whose values are classes."""
    kind = draw(kinds(scope.within()))
    if not kind.is_class and not kind.variables:
        kind = ATOMS[0]
    is_sent = kind.is_class and (scope.with_classes or not isinstance(kind, Specialization))
    return of_form(draw(TYPES), [replace(kind, value=kind.text if is_sent else "", is_hashable=True)])


def annotated(draw: Draw, scope: Scope) -> Kind:
    """Return ``Annotated[..., ...]``."""
    metadata = draw(st.sampled_from(METADATA)).format(draw(specializations(scope.within())).text)
    form = Form(f"typing.Annotated[{{0}}, {metadata}]", "{0}", is_hashable=True)
    return of_form(form, [named(draw(kinds(scope.within())))])


SHAPES = st.sampled_from([name, alias, specialized, alias, type_of, annotated])
NAMES_ONLY = st.just(name)


@st.composite
def specializations(draw: Draw, scope: Scope) -> Specialization:
    """Return ``Pair[X, Y]``, or in two steps ``Pair[X, T][Y]``."""
    model = draw(st.sampled_from(MODELS))
    arguments = kinds(scope.within() if scope.depth else scope)
    if not draw(IN_TWO_STEPS):
        return of_model(model, [qualified(draw, model, draw(arguments)) for _ in range(model.size)])
    patterns = kinds(replace(scope, depth=min(scope.depth, 1), names=MANY_VARIABLES))
    partial = [draw(st.one_of(patterns, UNITED)) for _ in range(model.size)]
    return of_model(model, partial, [named(draw(st.one_of(arguments, TO_UNITE_WITH))) for _ in merged(partial)])


def qualified(draw: Draw, model: Model, kind: Kind) -> Kind:
    """Return ``Final[...]``, once in a while."""
    if model.has_bare_fields and draw(st.integers(0, 15)) == 15:
        return of_form(draw(st.sampled_from(QUALIFIERS)), [kind])
    return kind


def data() -> st.SearchStrategy[str]:
    """Return the source text of data that no field has validated."""
    atoms = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text("aé\n'\"\\{}", max_size=4),
        st.binary(max_size=4),
    )

    def within(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(atoms, inner, max_size=3),
            st.tuples(inner, inner),
            st.sets(atoms, max_size=3),
        )

    return st.recursive(atoms, within, max_leaves=5).map(repr)


def examples(level: str) -> st.SearchStrategy[Example]:
    """Return what a level covers: at "instance", no class is a value, unless it goes by its own name."""
    with_classes = level != "instance"
    classes = specializations(Scope(DEPTH, with_classes))
    unvalidated = data()
    contents = st.sampled_from(["valid", "valid", "other", "any"])

    @st.composite
    def generate(draw: Draw) -> Example:
        cls = draw(classes)

        def instance() -> str:
            """Return one with valid data, with another specialization's instance in it, or with any data."""
            content = draw(contents)
            if content == "valid":
                return f"C{cls.call}"
            return f"C{cls.model.made_of(draw(classes).value if content == 'other' else draw(unvalidated))}"

        hashables = HASHABLES if cls.is_hashable else []
        form = draw(st.sampled_from([*VALUES, *(OF_THE_CLASS if with_classes else []), *hashables]))
        # Only what the form uses: what is drawn in vain makes two examples of one.
        first = instance() if "{0}" in form and form not in HASHABLES else f"C{cls.call}"
        second = instance() if "{1}" in form else ""
        other = draw(classes).value if "{2}" in form else ""
        return Example(cls.text, form.format(first, second, other, cls.call))

    return generate()
