"""What to do about a cause, as every report says it, with what was tried. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from picklecheck.model import is_target
from picklecheck.verdicts.causes import FIX, remedies

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from picklecheck.model import Trial
    from picklecheck.verdicts.causes import Cause, Remedy


def what_to_do(page: Cause, fixes: Collection[str], trials: Iterable[Trial], scenario: str | None = None) -> str:
    """Return the remedies of a cause in one line; ``fixes`` are those that were active where it was seen.

    What was tried in vain is left out, and so is what was active already. The fix is told of whatever the page says
    if it helped. With ``scenario``, what was tried on another target says nothing.
    """
    by_cure: dict[str, Counter[str]] = {}
    for one in trials:
        if one.code == page.code and (scenario in (None, one.scenario) or not is_target(str(scenario))):
            by_cure.setdefault(one.cure, Counter()).update(tried=one.tried, arrived=one.arrived)
    offered = remedies(page)
    if FIX.kind in by_cure and FIX.kind not in [one.kind for one in offered]:
        offered.insert(0, FIX)
    if set(fixes) == {FIX.kind}:
        offered = [one for one in offered if one.kind != FIX.kind]
    sure = [one for one in by_cure.values() if one["arrived"] == one["tried"]]
    told = [
        _sentence(one, by_cure.get(one.kind))
        for one in offered
        if _is_open(one, by_cure.get(one.kind)) and not (sure and one.kind == "advice")
    ]
    if not told:
        return f"Nothing that was tried helps; `picklecheck explain {page.code}` tells more."
    first, *others = told
    return " ".join([first, *(f"Or {one[0].lower()}{one[1:]}" for one in others)])


def _is_open(remedy: Remedy, trial: Counter[str] | None) -> bool:
    return remedy.kind == "advice" or trial is None or trial["arrived"] > 0


def _sentence(remedy: Remedy, trial: Counter[str] | None) -> str:
    if remedy.kind == "advice":
        return remedy.words
    words = remedy.words.removesuffix(".")
    if trial is None:
        return f"{words} (not tried)."
    tried, arrived = trial["tried"], trial["arrived"]
    if tried == 1:
        return f"{words} (tried once: it arrived)."
    if arrived == tried:
        return f"{words} (tried {tried:,} times: all arrived)."
    return f"{words} (tried {tried:,} times: {arrived:,} of those arrived)."
