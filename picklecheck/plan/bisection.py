"""Find the first release in which something changed, looking at as few releases as possible. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.version import Version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# What the cells of a release come to: cell id -> outcome and code.
State = dict[str, str]


@dataclass(frozen=True)
class Bisection:
    """What was found: the last release as at the beginning of the line, and the first one that is otherwise.

    ``between`` are releases between those two that could not be judged: if there are any, one of them may be the first.
    ``seen`` has what was found in each release that was looked at, in the order of the line, and ``skipped`` why a
    release could not be judged. ``length`` is that of the line.
    """

    last_unchanged: str
    first_changed: str
    between: tuple[str, ...]
    seen: Mapping[str, State]
    skipped: Mapping[str, str]
    length: int

    @property
    def older(self) -> str:
        """The older one of the two."""
        return min(self.last_unchanged, self.first_changed, key=Version)

    @property
    def changed_in(self) -> str:
        """The newer one of the two: on a line that runs backwards, that is the unchanged one."""
        return max(self.last_unchanged, self.first_changed, key=Version)


class CannotJudgeError(Exception):
    """A release cannot be judged; the reason is one line."""


def bisect(
    line: Sequence[str], ends: Mapping[str, State], examine: Callable[[str], State], is_changed: Callable[[State], bool]
) -> Bisection:
    """Halve ``line`` until two neighbours are left, of which the second one ``is_changed`` and the first is not.

    The first release of the line must be unchanged and the last one changed; ``ends`` has what was found there. Where
    ``examine`` raises CannotJudgeError, another release is looked at instead. If there are several changes, one of them
    is found.
    """
    seen, skipped = dict(ends), dict[str, str]()
    low, high = 0, len(line) - 1
    # The middle one of what can still be judged: with nothing skipped this is plain halving.
    while places := [place for place in range(low + 1, high) if line[place] not in skipped]:
        place = places[len(places) // 2]
        try:
            state = seen[line[place]] = examine(line[place])
        except CannotJudgeError as error:
            skipped[line[place]] = str(error)
            continue
        if is_changed(state):
            high = place
        else:
            low = place
    return Bisection(
        last_unchanged=line[low],
        first_changed=line[high],
        between=tuple(line[low + 1 : high]),
        seen={version: seen[version] for version in line if version in seen},
        skipped={version: skipped[version] for version in line if version in skipped},
        length=len(line),
    )
