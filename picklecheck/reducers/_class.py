"""Level "class": specializations themselves are reduced, wherever a pickler meets one.

Pickle never calls a metaclass's ``__reduce__``, but ``copyreg.dispatch_table`` is consulted for classes whose
metaclass is not ``type``. cloudpickle and dill decide before they come to that table, so they are asked after us.
"""

from __future__ import annotations

import copyreg
import functools
import sys
from typing import TYPE_CHECKING, Any, Callable, Iterator, cast

from ._cloudpickle import make_reducer_override, pickler_in
from ._dill import make_save, table_in
from ._layers import ClassAttribute, Place, Switch, TableEntry, put, take_back
from ._namespaces import namespace_of
from ._recipe import specialization_recipe
from ._specialization import METACLASS, Recipe
from ._watcher import Watcher

if TYPE_CHECKING:
    import types
    from contextlib import AbstractContextManager


class ClassLevel:
    """Covers Pydantic's metaclass and those derived from it, in pickle, each copy of cloudpickle, and dill.

    Also those that come later: metaclasses by an ``__init_subclass__`` on Pydantic's metaclass (models don't see it,
    they are its instances; a metaclass that overrides ``__init_subclass__`` without calling ``super()`` is covered
    by the next ``on()``), picklers by a watcher on ``sys.meta_path``.

    Metaclasses stay alive while the level is on: the tables refer to them.
    """

    def __init__(self, lock: AbstractContextManager[Any]) -> None:
        self._lock = lock
        self._switch = Switch()
        self._places: set[Place] = set()
        self._watcher = Watcher(self._on_import)

    def on(self) -> None:
        """Switch on, and cover everything that is not covered. Repeating it is harmless."""
        self._switch.is_on = True
        self._put(ClassAttribute(METACLASS, "__init_subclass__"), self._make_init_subclass)
        self._cover_tables()
        for module in sys.modules.copy().values():
            self._cover_module(module)
        if self._watcher not in sys.meta_path:
            sys.meta_path.insert(0, self._watcher)

    def off(self) -> None:
        """Switch off, and restore what was there wherever nobody has covered it since."""
        self._switch.is_on = False
        if self._watcher in sys.meta_path:
            sys.meta_path.remove(self._watcher)
        for place in self._places:
            take_back(place)
        self._places.clear()

    def _put(self, place: Place, make: Callable[[Any], Any]) -> None:
        self._places.add(place)
        put(place, make)

    def _cover_tables(self) -> None:
        for metaclass in _with_derived(METACLASS):
            self._put(TableEntry(copyreg.dispatch_table, metaclass), functools.partial(make_reducer, self._switch))

    def _cover_module(self, module: types.ModuleType) -> None:
        namespace = namespace_of(module)
        pickler = pickler_in(namespace)
        if pickler is not None:
            layer = functools.partial(make_reducer_override, self._switch)
            self._put(ClassAttribute(pickler, "reducer_override"), layer)
        table = table_in(namespace)
        if table is not None:
            for metaclass in _with_derived(METACLASS):
                layer = functools.partial(make_save, self._switch, table, metaclass)
                self._put(TableEntry(table, metaclass), layer)

    def _on_import(self, module: types.ModuleType) -> None:
        with self._lock:
            if self._switch.is_on:
                self._cover_module(module)

    def _on_new_metaclass(self) -> None:
        with self._lock:
            if self._switch.is_on:
                self.on()

    def _make_init_subclass(self, previous: Any) -> Any:
        cover = self._on_new_metaclass

        def __init_subclass__(cls: type, /, **kwargs: Any) -> None:  # noqa: N807 - a name for tracebacks
            if previous is None:
                super(METACLASS, cls).__init_subclass__(**kwargs)  # type: ignore[arg-type]
            else:
                previous.__get__(None, cls)(**kwargs)
            cover()

        return classmethod(__init_subclass__)


def make_reducer(switch: Switch, previous: Any) -> Callable[[type], Recipe]:
    """Build the entry of ``copyreg.dispatch_table`` for a metaclass; ``previous`` is the one before, or None."""

    def reduce_class(cls: type) -> Recipe:
        recipe = specialization_recipe(cls, by_name=True) if switch.is_on else None
        if recipe is not None:
            return recipe
        return cls.__qualname__ if previous is None else cast("Recipe", previous(cls))

    return reduce_class


def _with_derived(metaclass: type) -> Iterator[type]:
    yield metaclass
    # Not metaclass.__subclasses__(): of a metaclass that is the unbound method for its instances.
    deriveds: list[type] = type.__subclasses__(metaclass)
    for derived in deriveds:
        yield from _with_derived(derived)
