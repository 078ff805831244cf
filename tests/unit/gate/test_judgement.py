"""What a judged cell means: a whole table of outcome, promise and standing."""

from __future__ import annotations

import itertools

import pytest
from document_builders import make_standing

from picklecheck.gate.compare import Status
from picklecheck.gate.judgement import Judgement, judge
from picklecheck.model import Outcome

KINDS = {
    ".": [Outcome.PASS],
    "x": [one for one in Outcome if one.is_failure],
    "-": [Outcome.UNSUPPORTED],
    "?": [Outcome.UNDECIDED],
}
WORDS = {
    "P": Judgement.PASSED,
    "F": Judgement.FINDING,
    "T": Judgement.TOLERATED,
    "U": Judgement.UNSUPPORTED,
    "?": Judgement.UNDECIDED,
}

# Standing -> for what was promised and broken (False), promised and kept (True), not promised (None): the judgement of
# a pass, a failure, what is unsupported and what is undecided; and the same with --allow-fixed.
TABLE: dict[Status | None, tuple[tuple[str, str, str], tuple[str, str, str]]] = {
    None: (("PFU?", "PTU?", "PTU?"), ("PFU?", "PTU?", "PTU?")),
    Status.NEW: (("PFU?", "PTU?", "PTU?"), ("PFU?", "PTU?", "PTU?")),
    Status.AS_RECORDED: (("PTU?", "PTU?", "PTU?"), ("PTU?", "PTU?", "PTU?")),
    Status.REGRESSED: (("FFF?", "FFF?", "FFF?"), ("FFF?", "FFF?", "FFF?")),
    Status.CHANGED: (("FFF?", "FFF?", "FFF?"), ("FFF?", "FFF?", "FFF?")),
    Status.EXPIRED: (("FFF?", "FFF?", "FFF?"), ("FFF?", "FFF?", "FFF?")),
    Status.FIXED: (("FFF?", "FFF?", "FFF?"), ("PTU?", "PTU?", "PTU?")),
}
ROWS = [
    (status, allow_fixed, expected, kind, WORDS[word])
    for status, columns in TABLE.items()
    for allow_fixed, triple in zip((False, True), columns, strict=True)
    for expected, words in zip((False, True, None), triple, strict=True)
    for kind, word in zip(KINDS, words, strict=True)
]


def test_the_table_has_each_status_that_a_cell_can_have() -> None:
    assert TABLE.keys() == {None, *Status} - {Status.MISSING, Status.NOT_CHECKED}
    assert sorted(itertools.chain(*KINDS.values())) == sorted(Outcome)


@pytest.mark.parametrize(("status", "allow_fixed", "expected", "kind", "judgement"), ROWS)
def test_the_judgement_of_a_cell(
    status: Status | None, kind: str, judgement: Judgement, *, expected: bool | None, allow_fixed: bool
) -> None:
    standing = None if status is None else make_standing(status)

    found = {judge(one, expected, standing, allow_fixed=allow_fixed) for one in KINDS[kind]}

    assert found == {judgement}
