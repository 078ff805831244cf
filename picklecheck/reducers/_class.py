"""Level "class": specializations themselves are reduced, wherever a pickler meets one.

Pickle never calls a metaclass's ``__reduce__``, but ``copyreg.dispatch_table`` is consulted for classes whose
metaclass is not ``type``. CloudPickler's ``reducer_override`` runs before that table and decides to go by value, so it
is asked after us.
"""

from __future__ import annotations

import functools
import importlib
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Callable, Iterator, cast

from ._cloudpickle import Watcher, pickler_of, present_picklers
from ._layers import ClassAttribute, Place, Switch, TableEntry, put, take_back
from ._recipe import specialization_recipe
from ._specialization import METACLASS, Recipe

if TYPE_CHECKING:
    import types
    from contextlib import AbstractContextManager


class ClassLevel:
    """Covers Pydantic's metaclass and those derived from it, and each copy of cloudpickle.

    Also those that come later: metaclasses by an ``__init_subclass__`` on Pydantic's metaclass (models don't see it,
    they are its instances; a metaclass that overrides ``__init_subclass__`` without calling ``super()`` is covered
    by the next ``on()``), copies of cloudpickle by a watcher on ``sys.meta_path``.

    Metaclasses stay alive while the level is on: ``copyreg.dispatch_table`` refers to them.
    """

    def __init__(self, lock: AbstractContextManager[Any]) -> None:
        self._lock = lock
        self._switch = Switch()
        self._places: set[Place] = set()
        self._watcher = Watcher(self._cover_module)

    @staticmethod
    def prepare() -> None:
        """Import cloudpickle where it is installed. Without the lock: an import waits for other threads' imports."""
        with suppress(ImportError):
            importlib.import_module("cloudpickle")

    def on(self) -> None:
        """Switch on, and cover everything that is not covered. Repeating it is harmless."""
        self._switch.is_on = True
        self._put(ClassAttribute(METACLASS, "__init_subclass__"), self._make_init_subclass)
        for metaclass in _with_derived(METACLASS):
            self._put(TableEntry(metaclass), self._make_reducer)
        for pickler in present_picklers():
            self._put(ClassAttribute(pickler, "reducer_override"), self._make_reducer_override)
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

    def _cover_module(self, module: types.ModuleType) -> None:
        pickler = pickler_of(module)
        with self._lock:
            if pickler is not None and self._switch.is_on:
                self._put(ClassAttribute(pickler, "reducer_override"), self._make_reducer_override)

    def _cover_metaclass(self, metaclass: type) -> None:
        with self._lock:
            if self._switch.is_on:
                self._put(TableEntry(metaclass), self._make_reducer)

    def _make_reducer(self, previous: Any) -> Callable[[type], Recipe]:
        switch = self._switch

        def reduce_class(cls: type) -> Recipe:
            recipe = specialization_recipe(cls) if switch.is_on else None
            if recipe is not None:
                return recipe
            return cls.__qualname__ if previous is None else cast("Recipe", previous(cls))

        return reduce_class

    def _make_reducer_override(self, previous: Any) -> Callable[[Any, Any], Any]:
        switch = self._switch

        @functools.wraps(previous)
        def reducer_override(self: Any, obj: Any) -> Any:
            if issubclass(type(obj), METACLASS) and switch.is_on:
                recipe = specialization_recipe(obj)
                if recipe is not None:
                    return recipe
            return previous(self, obj)

        return reducer_override

    def _make_init_subclass(self, previous: Any) -> Any:
        cover = self._cover_metaclass

        def __init_subclass__(cls: type, /, **kwargs: Any) -> None:  # noqa: N807 - a name for tracebacks
            if previous is None:
                super(METACLASS, cls).__init_subclass__(**kwargs)  # type: ignore[arg-type]
            else:
                previous.__get__(None, cls)(**kwargs)
            cover(cls)

        return classmethod(__init_subclass__)


def _with_derived(metaclass: type) -> Iterator[type]:
    yield metaclass
    # Not metaclass.__subclasses__(): of a metaclass that is the unbound method for its instances.
    deriveds: list[type] = type.__subclasses__(metaclass)
    for derived in deriveds:
        yield from _with_derived(derived)
