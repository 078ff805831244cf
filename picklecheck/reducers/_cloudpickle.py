"""cloudpickle's pickler decides in its ``reducer_override``, which pickle asks before ``copyreg.dispatch_table``.

A class that has no importable name goes by value, in three steps: cloudpickle makes an empty skeleton of it, fills the
memo, and then sets everything that the class holds. What is in there may lead back to the class: a class variable, or a
global that a method uses. ``operator.getitem(Box, (int,))`` in the middle of that would make a specialization of the
skeleton, without any field, and Pydantic would keep it. So a specialization that has to do with a class whose filling
has begun and not ended goes by value itself, as it would without us.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Callable

from ._by_value import modules_by_value
from ._expression import arguments_within
from ._globals import is_among
from ._recipe import is_known_as_none, specialization_recipe
from ._specialization import METACLASS, is_specialization, origin_and_arguments
from ._way import Way, way_of

if TYPE_CHECKING:
    from ._layers import Switch

# How cloudpickle 2.0 to 3.1 write a class by value: six items, the third of which is (what the class holds, {}).
_BY_VALUE = 6

# Where a pickler keeps the skeletons that are not filled yet.
_UNFILLED = "_classes_that_are_not_filled"


def pickler_in(namespace: dict[str, Any]) -> type | None:
    """Return the class that defines ``reducer_override`` for a module's ``CloudPickler``, if there is one.

    On PyPy cloudpickle has none (it overrides ``save_global`` there), and this level doesn't reach it.
    """
    candidate = namespace.get("CloudPickler")
    if not isinstance(candidate, type):
        return None
    return next((base for base in candidate.__mro__ if "reducer_override" in vars(base)), None)


def make_reducer_override(switch: Switch, previous: Any) -> Callable[[Any, Any], Any]:
    """Build a ``reducer_override`` that answers for specializations, and asks ``previous`` for everything else."""

    @functools.wraps(previous)
    def reducer_override(self: Any, obj: Any) -> Any:
        kind = type(obj)
        if not issubclass(kind, type) or not switch.is_on:
            return previous(self, obj)
        unfilled: list[type] = self.__dict__.get(_UNFILLED, [])
        is_open = issubclass(kind, METACLASS) and not is_known_as_none(obj)
        if is_open and not (unfilled and _has_to_do_with(obj, unfilled)):
            by_value = modules_by_value()
            recipe = specialization_recipe(obj, by_value=by_value)
            if recipe is not None:
                return recipe
            if is_specialization(obj) and way_of(obj, by_value) is Way.NAME and not is_among(obj.__module__, by_value):
                return obj.__qualname__  # copyreg's table, which pickle asks next, knows of no copies
        recipe = previous(self, obj)
        if isinstance(recipe, tuple) and len(recipe) == _BY_VALUE:
            return _with_an_end(recipe, obj, self.__dict__.setdefault(_UNFILLED, []))
        return recipe

    return reducer_override


def _has_to_do_with(cls: Any, unfilled: list[type]) -> bool:
    if any(cls is one for one in unfilled):
        return True
    ruling = origin_and_arguments(cls) if issubclass(type(cls), METACLASS) else None
    inner = arguments_within(cls) if ruling is None else ruling
    return any(_has_to_do_with(one, unfilled) for one in inner)


def _with_an_end(recipe: tuple[Any, ...], cls: type, unfilled: list[type]) -> tuple[Any, ...]:
    """Note that the filling of a class begins, and put something last into its state that notes the end."""
    state = recipe[2]
    if not (isinstance(state, tuple) and len(state) == 2 and state[1] == {}):
        return recipe
    unfilled.append(cls)
    return (*recipe[:2], (state[0], _End(cls, unfilled)), *recipe[3:])


class _End:
    """Stands in a pickle stream for an empty dict; the pickler comes to it when all before it is written."""

    __slots__ = ("_cls", "_unfilled")

    def __init__(self, cls: type, unfilled: list[type]) -> None:
        self._cls = cls
        self._unfilled = unfilled

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        self._unfilled.remove(self._cls)
        return dict, ()
