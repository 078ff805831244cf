"""Whether type arguments come back from a pickle as themselves: tried, not guessed.

``Page[SerializeAsAny[Item]]`` is one class, and ``Page[copy of that argument]`` another one: Pydantic finds a class by
the ``==`` and the hash of its arguments, and the hash of that metadata is its identity. A function without a name does
not come back at all, nor does a class that is bound to another name than its own. So arguments are pickled here and
loaded again, every class and function in them is required to be found by its name, and the result is compared.
"""

from __future__ import annotations

import io
import pickle
import sys
import types
from typing import TYPE_CHECKING, Any, FrozenSet, NamedTuple

from ._globals import MAIN, NamedGlobal, is_global
from ._namespaces import namespace_of
from ._specialization import is_specialization

if TYPE_CHECKING:
    from collections.abc import Collection

_PROTOCOL = 4
# No globals, but pickle knows them.
_KNOWN = (type(None), type(...), type(NotImplemented))


class Proof(NamedTuple):
    """What a trial found.

    ``modules`` are those of the classes and functions that a payload names. ``is_lasting``: nothing in it goes by the
    name of an alias, and those come and go.
    """

    is_certain: bool
    modules: FrozenSet[str]  # noqa: UP006 - Python 3.8 evaluates it
    is_lasting: bool


UNCERTAIN = Proof(is_certain=False, modules=frozenset(), is_lasting=False)


class NotCertainError(Exception):
    """Something does not come back as itself: it is not found by its name, for one."""


class Kept:
    """Stands for an object that is known to come back as itself."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


class _Pickler(pickle.Pickler):
    """Leaves classes and functions out of the stream, once they are found to be globals."""

    def __init__(self, file: io.BytesIO, near: Collection[str]) -> None:
        super().__init__(file, _PROTOCOL)
        self.globals: list[Any] = []
        self.has_aliases = False
        self._near = near

    def persistent_id(self, obj: Any) -> int | None:
        kind = type(obj)
        if kind is Kept:
            return self._leave_out(obj.value)
        if kind is NamedGlobal:
            self.has_aliases = True
            if not _is_near(obj.module, self._near):
                raise NotCertainError  # in a module that whoever loads it may not have
        if kind is types.MethodType:
            raise NotCertainError  # cloudpickle takes one apart, and copies the function of a class method
        if not issubclass(kind, (type, types.FunctionType)):
            return None
        if is_specialization(obj):
            raise NotCertainError  # within metadata: on the instance level its name is all that it has
        if obj not in _KNOWN and not (isinstance(obj.__module__, str) and is_global(obj, obj.__qualname__)):
            raise NotCertainError
        return self._leave_out(obj)

    def _leave_out(self, obj: Any) -> int:
        self.globals.append(obj)
        return len(self.globals) - 1


class _Unpickler(pickle.Unpickler):
    def __init__(self, data: bytes, found: list[Any]) -> None:
        super().__init__(io.BytesIO(data))
        self._found = found

    def persistent_load(self, pid: Any) -> Any:
        return self._found[pid]


def proof_of(original: Any, written: Any, near: Collection[str] = ()) -> Proof:
    """Pickle ``written``, which stands for ``original``, load it, and compare the two.

    ``near`` are the modules that whoever loads it imports in any case. Whatever user code raises means: not certain.
    """
    file = io.BytesIO()
    pickler = _Pickler(file, near)
    try:
        pickler.dump(written)
        copied = _Unpickler(file.getvalue(), pickler.globals).load()
        if not (copied == original and hash(copied) == hash(original)):
            return UNCERTAIN
    except Exception:  # noqa: BLE001 - metadata may be of any class
        return UNCERTAIN
    modules = {one.__module__ for one in pickler.globals}
    if MAIN[0].encode() in file.getvalue():  # type variables and NewTypes name their module themselves
        modules.add(MAIN[0])
    return Proof(is_certain=True, modules=frozenset(modules), is_lasting=not pickler.has_aliases)


def _is_near(module: str, near: Collection[str]) -> bool:
    """Tell whether a module is one of ``near``, of a package of theirs, or imported there as a module."""
    packages = {name.partition(".")[0] for name in near}
    if module in near or module.partition(".")[0] in packages:
        return True
    found = sys.modules.get(module)
    return any(found is one for name in near for one in namespace_of(sys.modules.get(name)).copy().values())
