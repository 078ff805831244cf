"""Switching a level on and off for the whole process."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Iterator

from pydantic import BaseModel

from ._class import ClassLevel
from ._instance import make_base_model_reduce_ex
from ._layers import ClassAttribute, Switch, put, take_back

if TYPE_CHECKING:
    from typing import Literal

    Level = Literal["class", "instance"]
else:
    Level = str


class InstanceLevel:
    """``__reduce_ex__`` on BaseModel."""

    def __init__(self) -> None:
        self._switch = Switch()
        self._place = ClassAttribute(BaseModel, "__reduce_ex__")

    def prepare(self) -> None:
        """Do nothing: this level needs no import."""

    def on(self) -> None:
        """Switch on; repeating it is harmless."""
        self._switch.is_on = True
        put(self._place, lambda previous: make_base_model_reduce_ex(self._switch, previous))

    def off(self) -> None:
        """Switch off, and restore what was there if nobody has covered it since."""
        self._switch.is_on = False
        take_back(self._place)


class _Demand:
    """Who wants a level: install() once, and each open ``with installed()``."""

    def __init__(self) -> None:
        self.is_installed = False
        self.contexts: list[object] = []

    @property
    def is_there(self) -> bool:
        return self.is_installed or bool(self.contexts)


_lock = threading.RLock()
_levels: dict[str, ClassLevel | InstanceLevel] = {"class": ClassLevel(_lock), "instance": InstanceLevel()}
_demands: dict[str, _Demand] = {name: _Demand() for name in _levels}


def _checked(level: str) -> str:
    if level not in _levels:
        message = f"level must be 'class' or 'instance', not {level!r}"
        raise ValueError(message)
    return level


def install(level: Level = "class") -> None:
    """Make the specializations that this process pickles load in every other process.

    ``"class"``: pickle and every copy of cloudpickle write a specialization as ``operator.getitem(origin, arguments)``,
    for instances as well as for classes that are values. ``"instance"``: only instances, by ``__reduce_ex__`` on
    ``BaseModel``. The levels are independent; installing one twice does nothing the second time but cover picklers and
    metaclasses that came in the meantime unnoticed. Thread-safe. Raises ValueError for any other level.
    """
    name = _checked(level)
    _levels[name].prepare()
    with _lock:
        _demands[name].is_installed = True
        _levels[name].on()


def uninstall() -> None:
    """Switch both levels off, whoever switched them on, and restore what was there before.

    Where another library has put itself on top of ours meanwhile, ours stays below as a mere passage. Models with
    ``PortableGenericsMixin`` or ``@portable`` remain what they are. Thread-safe.
    """
    with _lock:
        for name, demand in _demands.items():
            demand.is_installed = False
            demand.contexts.clear()
            _levels[name].off()


def is_installed(level: Level | None = None) -> bool:
    """Tell whether a level (or, without one, any level) is on, by ``install`` or within ``installed``."""
    names = list(_levels) if level is None else [_checked(level)]
    with _lock:
        return any(_demands[name].is_there for name in names)


@contextmanager
def installed(level: Level = "class") -> Iterator[None]:
    """Install a level for a ``with`` block, for all threads.

    Blocks may be nested and may overlap in threads; the last one that ends switches off, unless ``install`` was called.
    """
    name = _checked(level)
    _levels[name].prepare()
    context: Any = object()
    with _lock:
        _demands[name].contexts.append(context)
        _levels[name].on()
    try:
        yield
    finally:
        with _lock:
            demand = _demands[name]
            if context in demand.contexts:  # not after uninstall()
                demand.contexts.remove(context)
                if not demand.is_there:
                    _levels[name].off()
