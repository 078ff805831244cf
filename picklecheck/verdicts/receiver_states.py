"""Was a receiver in the state that its cell names when it loaded? From what it witnessed before that; pure.

Where it was not, whatever came of loading is the outcome of another cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from picklecheck.model import Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from picklecheck.model import Child, Observation

CODE = "PC906"
# The stages before the witness has spoken: what stopped a process there has nothing to do with its state.
_BEFORE = frozenset({"start", "import", "run", "evaluate"})


class Evaluated(Enum):
    """Which of the specializations that were sent a receiver has evaluated when it loads."""

    NONE = "none"
    ALL = "all"
    BY_RECIPES = "by recipes"  # all, if each could be written down as origin and arguments, and read there
    UNKNOWN = "unknown"  # as the user's own modules do


@dataclass(frozen=True)
class Prepared:
    """What a receiver's program does before it loads.

    ``modules`` are those that it imports from the staging folder. Those of ``package``, if it is not empty, may come
    along; no others.
    """

    modules: tuple[str, ...]
    evaluated: Evaluated
    package: str = ""


def confirmed(
    verdict: Verdict, observation: Observation, prepared: Prepared, state: str, *, is_crossed: bool
) -> Verdict:
    """Return the verdict, or that there can be none: each process that loaded must have been in its state.

    ``is_crossed`` says that the two sides are of two environments, where one class may have two names.
    """
    if verdict.outcome in (Outcome.UNDECIDED, Outcome.UNSUPPORTED):
        return verdict
    described = observation.producer.facts.get("specializations", ())
    name = "cold" if state == "relay" else state  # both processes of a second hop begin so
    for role, child in (("relay", observation.relay), ("receiver", observation.receiver)):
        if child is None or child.stage in _BEFORE:
            continue
        for why in _flaws(child, described, prepared, is_crossed=is_crossed):
            return Verdict(Outcome.UNDECIDED, CODE, f"the {role} was not {name}: {why}")
    return verdict


def _flaws(
    child: Child, described: Sequence[Mapping[str, Any]], prepared: Prepared, *, is_crossed: bool
) -> Iterator[str]:
    facts = child.facts
    if not {"imported_at_start", "existed_at_start", "imported_before", "existed_before"} <= facts.keys():
        yield "it did not tell what there was before it loaded"
        return
    yield from (f"{name} existed before it began" for name, was_there in facts["existed_at_start"].items() if was_there)
    yield from (f"{name} had been imported before it began" for name in facts["imported_at_start"])
    imported = facts["imported_before"]
    yield from (f"it had not imported {name}" for name in prepared.modules if name not in imported)
    yield from (f"it had imported {name}" for name in imported if not _may_import(name, prepared))
    # The controls send plain models and generic ones without arguments: there is nothing to evaluate.
    names = [one["name"] for one in described if one["name"] != one["origin"][1].rpartition(".")[2]]
    existing = {name: facts["existed_before"][name] for name in names}
    if prepared.evaluated is Evaluated.NONE:
        yield from (f"{name} existed before it loaded" for name, was_there in existing.items() if was_there)
    elif not is_crossed and _has_evaluated_all(prepared, facts, described):
        yield from (f"{name} did not exist before it loaded" for name, was_there in existing.items() if not was_there)


def _may_import(name: str, prepared: Prepared) -> bool:
    is_of_package = prepared.package != "" and f"{name}.".startswith(f"{prepared.package}.")
    return is_of_package or name in prepared.modules


def _has_evaluated_all(prepared: Prepared, facts: Mapping[str, Any], described: Sequence[object]) -> bool:
    if prepared.evaluated is Evaluated.BY_RECIPES:
        return facts.get("recipes") == len(described) and not facts["not_evaluated"]
    return prepared.evaluated is Evaluated.ALL
