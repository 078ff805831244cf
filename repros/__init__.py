"""The catalogue: small programs whose payloads do, or do not, survive the way to another process.

One module a family; each scenario is a function that builds the value to send. The specializations it needs
are written as text, because *where* they are evaluated is what decides: picklecheck evaluates them at the site
that a cell asks for and hands the classes in. Only the standard library and Pydantic are imported here, and
every module (but those of newer syntax, named so) runs on Python 3.8 and Pydantic 2.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

if TYPE_CHECKING:
    from typing import Sequence

# Family -> the modules that hold its scenarios, in the order of reports; the other modules serve these. A child imports
# one of them, so a family with many models has two.
FAMILIES = {
    "shapes": ("shapes",),
    "controls": ("controls",),
    "values": ("values",),
    "beyond_instance": ("beyond_instance",),
    "state": ("state", "state_hooks"),
    "generics": ("generics", "generics_arguments"),
    "collisions": ("collisions",),
    "order": ("order",),
}


class Scenario:
    """A named value to send, the specializations it needs, and what must hold of it after loading.

    ``expressions`` are evaluated at the cell's site, in the namespace of ``module``; ``build`` gets the classes.
    The receiver builds the same value again, after loading, and compares: type by identity, state by name.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - made by scenario() alone
        self,
        build: Callable[..., Any],
        expressions: Sequence[str],
        module: str,
        before: str,
        warm: Sequence[str] | None,
        warm_before: str,
        beyond: Sequence[str],
        buffers: int,
    ) -> None:
        self.build = build
        self.name = build.__name__
        self.summary = (build.__doc__ or "").strip().splitlines()[0]
        self.expressions = tuple(expressions)
        self.module = module
        self.before = before
        self.warm = self.expressions if warm is None else tuple(warm)
        self.warm_before = warm_before
        self.beyond = tuple(beyond)
        self.buffers = buffers
        self.check_loaded: Callable[[Any], None] | None = None

    def check(self, function: Callable[[Any], None]) -> Callable[[Any], None]:
        """Register ``function(loaded)``: asserts what must hold of the loaded value, before anything else is built."""
        self.check_loaded = function
        return function


def scenario(  # noqa: PLR0913 - each a keyword with a default
    *expressions: str,
    module: str | None = None,
    before: str = "",
    warm: Sequence[str] | None = None,
    warm_before: str = "",
    beyond: Sequence[str] = (),
    buffers: int = 0,
) -> Callable[[Callable[..., Any]], Scenario]:
    """Turn a function that builds a value into a scenario; its docstring's first line is what users read.

    ``module``: where the names in the expressions live, if not in the module of the function.
    ``before``: statements that the producer executes right before it evaluates the expressions.
    ``warm``, ``warm_before``: what a warm receiver evaluates, if not the same.
    ``beyond``: the fixes that cannot reach this scenario.
    ``buffers``: how many protocol-5 buffers must stay out of band.
    """

    def decorate(build: Callable[..., Any]) -> Scenario:
        return Scenario(build, expressions, module or build.__module__, before, warm, warm_before, beyond, buffers)

    return decorate
