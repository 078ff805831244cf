"""What the pages of the causes show and tell to do, as modules: before, and after doing literally that.

``shop`` is the module that defines the models, and ``jobs`` sends; ``parts`` is there for what needs one more. Each
becomes a module with a name of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_HEAD = """\
from typing import Any, Generic, List, TypeVar

from pydantic import BaseModel, Field, RootModel, create_model
from typing_extensions import Annotated

T = TypeVar("T")

"""
_BOX = """
class Box(BaseModel, Generic[T]):
    value: T
"""
_ORDER = """
def order():
    return Box[int](value=5)
"""


@dataclass(frozen=True)
class Program:
    """The modules; ``cure`` is empty before anything was done. ``serializers``: with which it fails, or arrives."""

    code: str
    cure: str
    shop: str
    jobs: str
    serializers: tuple[str, ...] = ("pickle", "cloudpickle")
    parts: str = ""

    @property
    def name(self) -> str:
        """The end of the names of the modules."""
        return f"{self.code.lower()}_{self.cure or 'before'}"

    @property
    def target(self) -> str:
        """What is sent."""
        return f"jobs_{self.name}:order"

    def write(self, folder: Path) -> None:
        """Write the modules."""
        (folder / f"parts_{self.name}.py").write_text(_HEAD + self.parts, encoding="utf-8")
        parts = f"import parts_{self.name} as parts\n"
        (folder / f"shop_{self.name}.py").write_text(_HEAD + parts + self.shop, encoding="utf-8")
        jobs = f"from shop_{self.name} import *\nimport shop_{self.name} as shop\n{self.jobs}"
        (folder / f"jobs_{self.name}.py").write_text(jobs, encoding="utf-8")


_NAMED_SUBCLASS = (_BOX + "\nclass IntBox(Box[int]): ...\n", "\ndef order():\n    return IntBox(value=5)\n")
# A model of the name that one of the shop's has, in another module.
_ITEM = """
class Item(BaseModel):
    x: int = 1
"""
_TWO = _ITEM + "\nFirst = Box[Item]\nSecond = Box[parts.Item]\n"
_BOUNDED = "\nBounded = Annotated[int, Field(gt=0)]\n"
_LOCAL = """
def order():
    class Order(BaseModel):
        id: int
    return Order(id=1)
"""
_ROOT = "\ndef order():\n    return RootModel[List[int]]([1])\n"
_LAMBDA = "\ndef order():\n    return Box[Any](value=lambda: 5)\n"

# Fails before: with which code, and whether the fix is a cure of it.
BEFORE = (
    (Program("PC101", "", _BOX, _ORDER, ("pickle",)), True),
    (Program("PC103", "", _BOX + _TWO, "\ndef order():\n    return Second(value={})\n", ("pickle",), _ITEM), True),
    (Program("PC104", "", _BOX + "\nBox[Any]\n", _LAMBDA, ("pickle",)), False),
    (Program("PC105", "", "", _LOCAL, ("pickle",)), False),
    (Program("PC301", "", _BOX, _ORDER, ("cloudpickle",)), True),
    (Program("PC305", "", "", _LOCAL, ("cloudpickle",)), False),
)

AFTER = (
    # Evaluate `Box[int]` at module scope of the module that defines `Box`.
    Program("PC101", "evaluate", _BOX + "\nBox[int]\n", _ORDER),
    # A named subclass where your own code makes the instances.
    Program("PC101", "subclass", *_NAMED_SUBCLASS),
    # The author of the model: its first base, or its decorator.
    Program(
        "PC101",
        "mixin",
        "from picklecheck.reducers import PortableGenericsMixin\n"
        + _BOX.replace("(Base", "(PortableGenericsMixin, Base"),
        _ORDER,
    ),
    Program(
        "PC101",
        "portable",
        "from picklecheck.reducers import portable\n" + _BOX.replace("\nclass", "\n@portable\nclass"),
        _ORDER,
    ),
    # A name without dots.
    Program(
        "PC101",
        "dots",
        """
class Box(BaseModel, Generic[T]):
    value: T

    @classmethod
    def model_parametrized_name(cls, params):
        return "Box_" + params[0].__name__

Box[int]
""",
        _ORDER,
    ),
    # Different names for the arguments; a named subclass for each.
    Program(
        "PC103",
        "names",
        _BOX + _TWO.replace("parts.Item", "parts.OtherItem"),
        "\ndef order():\n    return Second(value={})\n",
        parts=_ITEM.replace("Item", "OtherItem"),
    ),
    Program(
        "PC103",
        "subclass",
        _BOX + _TWO + "\nclass SecondBox(Box[parts.Item]): ...\n",
        "\ndef order():\n    return SecondBox(value={})\n",
        parts=_ITEM,
    ),
    # A def at module scope in place of a lambda.
    Program(
        "PC104",
        "def",
        _BOX + "\nBox[Any]\n\ndef five():\n    return 5\n",
        "\ndef order():\n    return Box[Any](value=five)\n",
    ),
    # What the sentence names, at module scope of an importable module, under its own name.
    Program("PC105", "move", "\nclass Order(BaseModel):\n    id: int\n", "\ndef order():\n    return Order(id=1)\n"),
    Program(
        "PC105",
        "name",
        '\nOrder = create_model("Order", __module__=__name__, id=(int, ...))\n',
        "\ndef order():\n    return Order(id=1)\n",
    ),
    # Where the origin is not yours.
    Program(
        "PC201", "subclass", "\nclass IntRoot(RootModel[List[int]]): ...\n", "\ndef order():\n    return IntRoot([1])\n"
    ),
    # A copy that cannot be built again is not sent along.
    Program(
        "PC204",
        "evaluate",
        "from typing import Sequence\n" + _BOX + "\nBox[Sequence[Box[int]]]\nBox[int]\n",
        "\ndef order():\n    return Box[shop.Sequence[Box[int]]](value=[{'value': 5}])\n",
    ),
    Program("PC301", "evaluate", _BOX + "\nBox[int]\n", _ORDER),
    Program("PC301", "subclass", *_NAMED_SUBCLASS),
    # Arguments that equal their copy; a named subclass.
    Program(
        "PC303",
        "arguments",
        _BOX + "\nfrom annotated_types import Gt\n\nPositive = Box[Annotated[int, Gt(0)]]\n",
        "\ndef order():\n    return Positive(value=5)\n",
    ),
    Program(
        "PC303",
        "subclass",
        _BOX + _BOUNDED + "\nclass BoundedBox(Box[Bounded]): ...\n",
        "\ndef order():\n    return BoundedBox(value=5)\n",
    ),
    Program("PC305", "move", "\nclass Order(BaseModel):\n    id: int\n", "\ndef order():\n    return Order(id=1)\n"),
)

# Models, and a function that sends each, for what reports say of causes.
MODELS = {
    "models": _HEAD
    + """
import threading

class Box(BaseModel, Generic[T]):
    value: T

class ListBox(BaseModel, Generic[T]):
    items: List[T]

class Item(BaseModel):
    x: int = 1

class Named(BaseModel, Generic[T]):
    value: T

    @classmethod
    def model_parametrized_name(cls, params):
        return "Named" + params[0].__name__.title()

class Dotted(BaseModel, Generic[T]):
    value: T

    @classmethod
    def model_parametrized_name(cls, params):
        return "Dotted.of." + params[0].__name__

class Clash(BaseModel, Generic[T]):
    value: T

    @classmethod
    def model_parametrized_name(cls, params):
        return "Item"

Clash[int]
Row = create_model("TheRow", __module__=__name__, x=(int, 1))

class Lock:
    def __init__(self):
        self.lock = threading.Lock()

class Strange:
    def __reduce__(self):
        return raise_on_purpose, ()

def raise_on_purpose():
    raise LookupError("on purpose")
""",
    "jobs": """
from typing import Any, Generic, Sequence

from pydantic import BaseModel

from models import Box, Clash, Dotted, ListBox, Lock, Named, Row as Renamed, Strange, T

def in_function():
    return Box[int](value=5)

def dotted():
    return Dotted[int](value=5)

def clash():
    return Clash[int](value=5)

def sequence():
    return Box[Sequence[ListBox[int]]](value=[ListBox[int](items=[1])])

def local():
    class Row(BaseModel):
        x: int = 1
    return Row()

def local_argument():
    class Row(BaseModel):
        x: int = 1
    return Box[Row](value=Row())

def local_generic():
    class Row(BaseModel, Generic[T]):
        x: T
    return Row[int](x=1)

def renamed():
    return Renamed()

def lock():
    return [{"deep": Lock()}]

def strange():
    return Strange()
""",
    "scoped": """
from models import Clash, Dotted, Named

Nameds, Dotteds, Clashes = Named[int], Dotted[int], Clash[int]

def named():
    return Nameds(value=5)

def dotted():
    return Dotteds(value=5)

def clash():
    return Clashes(value=5)
""",
}
