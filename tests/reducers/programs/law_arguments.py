"""Type arguments as source text: what stands before them at module scope, and the argument itself.

Some come back from a pickle equal and with the same hash, and others never do: metadata whose hash is its identity,
functions without a name, classes that are bound to another name than their own. Runs on Python 3.8 and Pydantic 2.0;
what a Python or a Pydantic lacks is refused there.
"""

from typing import Dict, List, NamedTuple


class Argument(NamedTuple):
    """``text`` is the argument; ``before`` the statements in front of it, in the module that evaluates it."""

    name: str
    text: str
    before: str = ""


_PLAIN: Dict[str, str] = {
    "int": "int",
    "none": "None",
    "any": "Any",
    "model": "Item",
    "specialization": "Inner[int]",
    "enum": "Color",
    "flag": "Level",
    "typed dict": "Movie",
    "named tuple": "Point",
    "dataclass": "Record",
    "metaclass": "Made",
    "date": "datetime.date",
    "literal": "Literal['a', 1, None]",
    "literal of enum": "Literal[Color.RED]",
    "callable": "Callable[[int], str]",
    "type": "Type[Item]",
    "union": "Union[int, str]",
    "other order": "Union[str, int]",
    "pipe": "int | str",
    "tuple": "Tuple[int, ...]",
    "new type": "UserId",
    "alias type": "Alias",
    "forward": "'Item'",
    "forward in list": "List['Item']",
    "type variable": "T",
    "conint": "conint(gt=0)",
    "constr": "constr(min_length=1)",
    "positive": "pydantic.PositiveInt",
    "json": "pydantic.Json[int]",
    "import string": "pydantic.ImportString",
    "future date": "pydantic.FutureDate",
    "secret": "pydantic.SecretStr",
    "url": "pydantic.HttpUrl",
    "file": "pydantic.FilePath",
    "base 64": "pydantic.Base64Bytes",
    "strict": "pydantic.StrictInt",
    "root": "RootModel[int]",
    "serialize as any": "SerializeAsAny[Item]",
    "skip validation": "SkipValidation[Item]",
    "instance of": "InstanceOf[Item]",
}

# Each stands in Annotated[int, ...].
_METADATA: Dict[str, str] = {
    "string": "'a word'",
    "tuple": "('a', 1)",
    "list": "['a']",
    "gt": "at.Gt(0)",
    "len": "at.Len(1, 2)",
    "interval": "at.Interval(gt=0, lt=5)",
    "predicate": "at.Predicate(upper)",
    "predicate of a lambda": "at.Predicate(lambda v: True)",
    "predicate of a method": "at.Predicate(str.islower)",
    "negated": "at.Not(upper)",
    "documented": "at.doc('text')",
    "string constraints": "pydantic.StringConstraints(min_length=1)",
    "strict": "pydantic.Strict()",
    "json schema": "pydantic.WithJsonSchema({'type': 'integer'})",
    "field": "Field(gt=0)",
    "field with default factory": "Field(default_factory=lambda: 1)",
    "after lambda": "AfterValidator(lambda v: v)",
    "after function": "AfterValidator(upper)",
    "after closure": "AfterValidator(closing(1))",
    "after partial": "AfterValidator(functools.partial(upper))",
    "after bound method": "AfterValidator(Plain().method)",
    "after static method": "AfterValidator(Plain.static)",
    "after class method": "AfterValidator(Plain.made)",
    "after item getter": "AfterValidator(operator.itemgetter(0))",
    "after attribute getter": "AfterValidator(operator.attrgetter('real'))",
    "after method caller": "AfterValidator(operator.methodcaller('bit_length'))",
    "after builtin": "AfterValidator(abs)",
    "after type": "AfterValidator(int)",
    "before lambda": "BeforeValidator(lambda v: v)",
    "plain lambda": "PlainValidator(lambda v: v)",
    "plain function": "PlainValidator(upper)",
    "wrap lambda": "WrapValidator(lambda v, handler: handler(v))",
    "plain serializer": "PlainSerializer(lambda v: v)",
    "plain serializer of a function": "PlainSerializer(upper, return_type=int)",
    "wrap serializer": "WrapSerializer(lambda v, handler: handler(v))",
    "get schema": "pydantic.GetPydanticSchema(lambda source, handler: handler(source))",
    "skip": "SkipValidation()",
    "any": "SerializeAsAny()",
    "same hash": "SameHash(1)",
    "by identity": "ByIdentity(1)",
    "equal only": "EqualOnly(1)",
    "unhashable": "Unhashable(1)",
    "always equal": "AlwaysEqual()",
    "stubborn": "Stubborn()",
    "forgetful": "Forgetful(3)",
    "raising": "Raising()",
    "single": "SINGLE",
    "frozen": "Frozen(1)",
    "frozen with a lambda": "Frozen(lambda: 1)",
    "frozen with a class": "Frozen(Item)",
    "frozen with a specialization": "Frozen(Inner[int])",
    "nan": "float('nan')",
    "enum member": "Color.RED",
    "function": "upper",
    "lambda": "lambda: 1",
    "module": "operator",
    "object": "object()",
}

# Bound to another name than their own.
_RENAMED: Dict[str, str] = {
    "new type": "NewType('OtherName', int)",
    "alias type": "TypeAliasType('OtherName', List[int])",
    "enum": "enum.Enum('OtherName', 'RED')",
    "int enum": "enum.IntEnum('OtherName', 'RED')",
    "typed dict": "TypedDict('OtherName', {'a': int})",
    "named tuple": "collections.namedtuple('OtherName', 'a b')",
    "model": "create_model('OtherName', n=(int, 1))",
    "dataclass": "dataclasses.make_dataclass('OtherName', ['a'])",
    "class": "type('OtherName', (), {})",
    "type variable": "TypeVar('OtherName')",
    "class of a function": "(lambda: type('Local', (), {'__qualname__': 'f.<locals>.Local'}))()",
    "model of a function": "(lambda: create_model('Local', n=(int, 1)))()",
}

_UNIONS: Dict[str, str] = {
    "discriminator": "Annotated[Union[Cat, Dog], Field(discriminator='kind')]",
    "callable discriminator": "Annotated[Union[Annotated[Cat, pydantic.Tag('a')], Annotated[Dog, pydantic.Tag('b')]],"
    " pydantic.Discriminator(tagged)]",
    "lambda discriminator": "Annotated[Union[Annotated[Cat, pydantic.Tag('a')], Annotated[Dog, pydantic.Tag('b')]],"
    " pydantic.Discriminator(lambda v: 'a')]",
}

# What an argument can stand in.
WITHIN: Dict[str, str] = {
    "alone": "{}",
    "in a typing list": "List[{}]",
    "in a list": "list[{}]",
    "in a dict": "Dict[str, {}]",
    "optional": "Optional[{}]",
    "in a specialization": "Inner[{}]",
    "in a specialization in a list": "List[Inner[{}]]",
    "in a tuple": "Tuple[int, {}]",
    "annotated again": "Annotated[List[{}], at.Len(1)]",
    "in a callable": "Callable[[{}], int]",
}


def arguments() -> List[Argument]:
    """Return each kind on its own, inline and, where that makes a difference, under a name of its module."""
    found = [Argument(name, text) for name, text in {**_PLAIN, **_UNIONS}.items()]
    for name, text in {**_PLAIN, **_UNIONS}.items():
        if name in (*_UNIONS, "conint", "json", "serialize as any", "skip validation", "instance of", "constr"):
            found.append(Argument("named " + name, "Named{n}", "Named{n} = " + text))
    for name, text in _METADATA.items():
        found.append(Argument("metadata " + name, f"Annotated[int, {text}]"))
        found.append(Argument("named metadata " + name, "Named{n}", "Named{n} = " + f"Annotated[int, {text}]"))
        found.append(Argument("shared metadata " + name, "Annotated[int, shared{n}]", "shared{n} = " + text))
    for name, text in _RENAMED.items():
        found.append(Argument("renamed " + name, "Renamed{n}", "Renamed{n} = " + text))
    return found


def composed() -> List[Argument]:
    """Return each kind within each alias."""
    return [
        Argument(f"{one.name} {place}", outer.replace("{}", one.text), one.before)
        for one in arguments()
        for place, outer in WITHIN.items()
    ]
