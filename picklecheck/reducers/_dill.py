"""dill's pickler asks a table of its own before ``copyreg.dispatch_table``, and finds its ``save_type`` there.

A class whose metaclass has no entry gets there by the table's ``__missing__`` (dill 0.3.0 to 0.4.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from ._globals import MAIN
from ._recipe import specialization_recipe

if TYPE_CHECKING:
    from ._layers import Switch


def table_in(namespace: dict[str, Any]) -> Any:
    """Return the table of a module's ``Pickler``, if the module is dill's own; else None."""
    candidate = namespace.get("Pickler")
    if not isinstance(candidate, type) or candidate.__module__ != namespace.get("__name__"):
        return None
    table = vars(candidate).get("dispatch")
    return table if isinstance(table, dict) and hasattr(type(table), "__missing__") else None


def make_save(switch: Switch, table: Any, metaclass: type, previous: Any) -> Callable[[Any, type], None]:
    """Build dill's function for the classes of a metaclass; ``previous`` is the table's entry, or None."""

    def save(pickler: Any, cls: type) -> None:
        recipe = specialization_recipe(cls, by_name=True, by_value=MAIN) if switch.is_on else None
        if recipe is not None:
            pickler.save_reduce(*recipe, obj=cls)
        else:
            (table.__missing__(metaclass) if previous is None else previous)(pickler, cls)

    return save
