"""Switching a level on and off for the whole process."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Iterator

from pydantic import BaseModel

from ._class import ClassLevel
from ._instance import make_base_model_reduce_ex
from ._layers import ClassAttribute, Switch, put, take_back
from ._propagation import propagation

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

    def on(self) -> None:
        """Switch on; repeating it is harmless."""
        self._switch.is_on = True
        put(self._place, lambda previous: make_base_model_reduce_ex(self._switch, previous))

    def off(self) -> None:
        """Switch off, and restore what was there if nobody has covered it since."""
        self._switch.is_on = False
        take_back(self._place)


class _Wish:
    """Somebody's wish for a level: of ``install`` there is one each, of ``installed`` one a block."""

    def __init__(self, *, propagate: bool) -> None:
        self.propagate = propagate


_INSTALLED = {propagate: _Wish(propagate=propagate) for propagate in (False, True)}

_lock = threading.RLock()
# A child that is forked while another thread holds the lock would find it held for ever, and what it guards half done.
if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_lock.release)
_levels: dict[str, ClassLevel | InstanceLevel] = {"class": ClassLevel(_lock), "instance": InstanceLevel()}
_wishes: dict[str, list[_Wish]] = {name: [] for name in _levels}
# Whether uninstall() was called since the last install(): then no payload installs anything.
_is_declined = False


def _checked(level: str) -> str:
    if level not in _levels:
        message = f"level must be 'class' or 'instance', not {level!r}"
        raise ValueError(message)
    return level


def _add(level: str, wish: _Wish) -> None:
    if wish not in _wishes[level]:
        _wishes[level].append(wish)
    _levels[level].on()
    _decide_on_propagation()


def _remove(level: str, wish: _Wish) -> None:
    if wish in _wishes[level]:  # not after uninstall()
        _wishes[level].remove(wish)
        if not _wishes[level]:
            _levels[level].off()
        _decide_on_propagation()


def _decide_on_propagation() -> None:
    # "class" first: it covers what "instance" does.
    propagating = (name for name, wishes in _wishes.items() if any(wish.propagate for wish in wishes))
    propagation.level = next(propagating, None)


def install(level: Level = "class", *, propagate: bool = False) -> None:
    """Make the specializations that this process pickles load in every other process.

    ``"class"``: pickle, every copy of cloudpickle, and dill write a specialization as ``operator.getitem(origin,
    arguments)``, for instances as well as for classes that are values. ``"instance"``: only instances, by
    ``__reduce_ex__`` on ``BaseModel``. The levels are independent; installing one twice does nothing the second time
    but cover picklers and metaclasses that came in the meantime unnoticed.

    ``propagate``: payloads also install the level, with ``propagate``, in the process that loads them, unless that has
    installed it or called ``uninstall()`` itself. So a worker that hands an object on (a second hop) does it as well as
    this process. Each process that loads such a payload must be able to import this package. It stays on until
    ``uninstall()``.

    Thread-safe. Raises ValueError for any other level.
    """
    global _is_declined  # noqa: PLW0603 - the process's decision
    name = _checked(level)
    with _lock:
        _is_declined = False
        _add(name, _INSTALLED[propagate])


def uninstall() -> None:
    """Switch both levels off, whoever switched them on, and restore what was there before.

    Where another library has put itself on top of ours meanwhile, ours stays below as a mere passage. Models with
    ``PortableGenericsMixin`` or ``@portable`` remain what they are. Thread-safe.
    """
    global _is_declined  # noqa: PLW0603 - the process's decision
    with _lock:
        _is_declined = True
        for name, wishes in _wishes.items():
            wishes.clear()
            _levels[name].off()
        _decide_on_propagation()


def is_installed(level: Level | None = None) -> bool:
    """Tell whether a level (or, without one, any level) is on, by ``install`` or within ``installed``."""
    names = list(_levels) if level is None else [_checked(level)]
    with _lock:
        return any(_wishes[name] for name in names)


@contextmanager
def installed(level: Level = "class", *, propagate: bool = False) -> Iterator[None]:
    """Install a level for a ``with`` block, for all threads.

    Blocks may be nested and may overlap in threads; the last one that ends switches off, unless ``install`` was called.
    """
    name = _checked(level)
    wish = _Wish(propagate=propagate)
    with _lock:
        _add(name, wish)
    try:
        yield
    finally:
        with _lock:
            _remove(name, wish)


def _install_by_payload(level: str) -> None:
    with _lock:
        if level in _levels and not _is_declined and not _wishes[level]:
            _add(level, _INSTALLED[True])


propagation.install = _install_by_payload
