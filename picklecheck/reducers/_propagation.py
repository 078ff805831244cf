"""A fix that travels: payloads that install it in the process that loads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

if TYPE_CHECKING:
    Install = Callable[[str], None]


class Propagation:
    """Whether this process's payloads carry the fix along, and what a payload that does has done here."""

    def __init__(self) -> None:
        # The level that payloads install where they are loaded; None for payloads that don't.
        self.level: str | None = None
        self.install: Install = _nowhere

    def wrap(self, subject: Any) -> Any:
        """Return what stands for the class left of the brackets in a payload."""
        return subject if self.level is None else _Installing(subject, self.level)


def _nowhere(_level: str) -> None:
    """Before :mod:`._install` has been imported there is nothing to install."""


propagation = Propagation()


class _Installing:
    """Stands in a pickle stream for an object: what arrives is the object, after the fix has been installed."""

    __slots__ = ("_level", "_value")

    def __init__(self, value: Any, level: str) -> None:
        self._value = value
        self._level = level

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        return install_on_load, (self._value, self._level)


def install_on_load(value: Any, level: str, *_: object) -> Any:
    """Install the fix, so that it propagates further, and return ``value`` as it is.

    Payloads name this function: ``install(propagate=True)`` in the process that dumps writes
    ``operator.getitem(install_on_load(Box, "class"), (int,))``. So its name, its module and its first two parameters
    are frozen for ever; it ignores a level that it does not know, and arguments that later versions may add.

    What this process has decided itself stays: where a level is installed, or ``uninstall()`` was called, nothing
    changes.
    """
    propagation.install(level)
    return value


# Payloads name the folder, under whatever name it was copied to, and never a module within it.
install_on_load.__module__ = __name__.rpartition(".")[0]
