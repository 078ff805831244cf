"""How deeply JSON is nested: what lies near the parser's limit can be read, and neither compared nor written again."""

from __future__ import annotations

# Far beyond what picklecheck writes.
DEEPEST = 100


def is_too_deep(document: object) -> bool:
    """Is a value that was read from JSON nested deeper than any of ours?"""
    level = [document]
    for _ in range(DEEPEST):
        level = [inner for one in level for inner in _members(one)]
        if not level:
            return False
    return True


def _members(one: object) -> list[object]:
    if isinstance(one, dict):
        return list(one.values())
    return one if isinstance(one, list) else []
