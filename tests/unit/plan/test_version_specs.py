"""What a user writes for versions -> exact releases."""

from __future__ import annotations

import pytest
from packaging.version import Version

from picklecheck.errors import UsageError
from picklecheck.plan.version_specs import between, select_releases

FINALS = "2.0 2.0.1 2.0.3 2.10.0 2.10.1 2.10.6 2.12.0 2.12.5 2.13.0 2.13.4 2.13.5 2.14.0 2.14.1"
PRE_RELEASES = "2.15.0b1 2.14.0b2 2.14.0b1 2.12.0a1 2.0b3"
OLD = "1.10.27 1.10.2 1.0 0.32.2"
RELEASES = tuple(map(Version, f"{PRE_RELEASES} {FINALS} {OLD}".split()))
CLOUDPICKLES = tuple(map(Version, ("3.1.2", "3.1.0", "3.0.0", "2.2.1", "1.6.0")))
FORMS = (
    "Write a version (2.13.4), a minor line for its newest patch (2.14) or all of its patches (2.14.*), a range "
    "('>=2.12,<2.14'), or one of the words minors, all, latest, lowest, pre."
)


def select(*specs: str, name: str = "pydantic") -> str:
    """Return what is selected, in one string."""
    return " ".join(select_releases(name, specs, RELEASES if name == "pydantic" else CLOUDPICKLES))


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        # exact
        ("2.13.4", "2.13.4"),
        (" 2.13.4 ", "2.13.4"),
        ("v2.13.4", "2.13.4"),
        ("2.0.0", "2.0"),
        ("==2.13.4", "2.13.4"),
        ("===2.13.4", "2.13.4"),
        ("== 2.13.4", "2.13.4"),
        ("2.14.0b1", "2.14.0b1"),
        ("2.15.0b1", "2.15.0b1"),
        ("==2.15.0b1", "2.15.0b1"),
        # a line is its newest patch, and PEP 440's == is PEP 440's
        ("2.14", "2.14.1"),
        ("2.0", "2.0.3"),
        ("2", "2.14.1"),
        ("==2.14", "2.14.0"),
        ("==2.0", "2.0"),
        # lines and ranges
        ("2.14.*", "2.14.0 2.14.1"),
        ("==2.14.*", "2.14.0 2.14.1"),
        ("2.*", FINALS),
        (">=2.12,<2.14", "2.12.0 2.12.5 2.13.0 2.13.4 2.13.5"),
        (">= 2.12 , < 2.14", "2.12.0 2.12.5 2.13.0 2.13.4 2.13.5"),
        ("==2.13.*,!=2.13.0", "2.13.4 2.13.5"),
        ("!=2.14.0", FINALS.replace("2.14.0 ", "")),
        ("~=2.10.1", "2.10.1 2.10.6"),
        ("<2.1", "2.0 2.0.1 2.0.3"),
        (">2.13,<2.14", "2.13.4 2.13.5"),
        (">=2.14,", "2.14.0 2.14.1"),
        # a range over both selects of the supported one alone
        (">=1.10", FINALS),
        (">=1,<2.1", "2.0 2.0.1 2.0.3"),
        # pre-releases by name alone
        (">=2.14.0b1", "2.14.0b1 2.14.0b2 2.14.0 2.14.1 2.15.0b1"),
        ("==2.14.*,!=2.14.0b1", "2.14.0 2.14.1"),
        # words
        ("minors", "2.0.3 2.10.6 2.12.5 2.13.5 2.14.1"),
        ("all", FINALS),
        ("latest", "2.14.1"),
        ("lowest", "2.0"),
    ],
)
def test_a_spec_selects(spec: str, expected: str) -> None:
    assert select(spec) == expected


@pytest.mark.parametrize(
    ("specs", "expected"),
    [
        ((), ""),
        (("2.14.1", "2.0.3", "2.14.1"), "2.0.3 2.14.1"),
        (("latest", "2.14", "2.14.*", "lowest"), "2.0 2.14.0 2.14.1"),
        (("2.10.0", "2.0.3", "2.14.0b1", "2.14.0"), "2.0.3 2.10.0 2.14.0b1 2.14.0"),
    ],
)
def test_several_specs_select_oldest_to_newest_each_once(specs: tuple[str, ...], expected: str) -> None:
    assert select(*specs) == expected


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("minors", "1.6.0 2.2.1 3.0.0 3.1.2"),
        ("3.1", "3.1.2"),
        ("3", "3.1.2"),
        ("<2", "1.6.0"),
        ("1.6.0", "1.6.0"),
        ("lowest", "1.6.0"),
        ("3.*", "3.0.0 3.1.0 3.1.2"),
    ],
)
def test_cloudpickle_has_no_unsupported_versions(spec: str, expected: str) -> None:
    assert select(spec, name="cloudpickle") == expected


@pytest.mark.parametrize(
    ("spec", "message", "hint"),
    [
        ("2.99.0", "There is no pydantic 2.99.0.", "The newest is 2.14.1."),
        ("==2.99.0", "There is no pydantic 2.99.0.", "The newest is 2.14.1."),
        ("2.14.9", "There is no pydantic 2.14.9.", "The newest is 2.14.1."),
        (
            "2.12.1",
            "There is no pydantic 2.12.1.",
            "The newest 2.12 is 2.12.5, the newest of all is 2.14.1.",
        ),
        ("2.14.1+local", "There is no pydantic 2.14.1+local.", "The newest is 2.14.1."),
        ("2.99", "There is no pydantic 2.99.", "The newest is 2.14.1."),
        (
            "2.15",
            "There is no pydantic 2.15.",
            "Only pre-releases match; ask for one by its whole version, such as 2.15.0b1.",
        ),
        (
            ">2.14.1",
            "No release of pydantic matches '>2.14.1'.",
            "Only pre-releases match; ask for one by its whole version, such as 2.15.0b1.",
        ),
        (">=2.12,<2.5", "No release of pydantic matches '>=2.12,<2.5'.", "There are 2.0 to 2.14.1."),
        (">=2.12,<1.5", "No release of pydantic matches '>=2.12,<1.5'.", "There are 2.0 to 2.14.1."),
        ("2.99.*", "No release of pydantic matches '2.99.*'.", "There are 2.0 to 2.14.1."),
        (">=3", "No release of pydantic matches '>=3'.", "There are 2.0 to 2.14.1."),
        ("===unheard-of", "No release of pydantic matches '===unheard-of'.", "There are 2.0 to 2.14.1."),
        ("", "'' says no version of pydantic.", FORMS),
        (",", "',' says no version of pydantic.", FORMS),
        ("*", "'*' says no version of pydantic.", FORMS),
        ("^2.12", "'^2.12' says no version of pydantic.", FORMS),
        ("=2.12", "'=2.12' says no version of pydantic.", FORMS),
        ("~=2", "'~=2' says no version of pydantic.", FORMS),
        ("9" * 5000 + ".*.*", f"'{'9' * 5000}.*.*' says no version of pydantic.", FORMS),
        ("minor", "'minor' says no version of pydantic.", f"Did you mean 'minors'? {FORMS}"),
        ("ALL", "'ALL' says no version of pydantic.", f"Did you mean 'all'? {FORMS}"),
        ("newest", "'newest' says no version of pydantic.", f"Did you mean 'latest'? {FORMS}"),
        ("oldest", "'oldest' says no version of pydantic.", f"Did you mean 'lowest'? {FORMS}"),
        ("pydantic>=2.12", "'pydantic>=2.12' says no version of pydantic.", f"Leave out the name. {FORMS}"),
        (
            "2.13.4, 2.14.1",
            "'2.13.4, 2.14.1' says no version of pydantic.",
            "A comma means 'and': give each version on its own, or write ==2.13.4 inside of a range.",
        ),
        (
            "2.14.*,!=2.14.0",
            "'2.14.*,!=2.14.0' says no version of pydantic.",
            "A comma means 'and': give each version on its own, or write ==2.14.* inside of a range.",
        ),
    ],
)
def test_what_selects_nothing_is_refused_with_a_next_step(spec: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        select("2.13.4", spec)

    assert (caught.value.message, caught.value.hint) == (message, hint)


@pytest.mark.parametrize("releases", [RELEASES, tuple(one for one in RELEASES if one.major == 2)], ids=["1", "2 alone"])
@pytest.mark.parametrize(
    "spec",
    ["1.10.2", "1.10.99", "0.5", "1", "1.10", "1.*", "1.10.*", "==1.9.*", "<2", "<2.0", "<=1.10", "~=1.10", ">=1.8,<2"],
)
def test_pydantic_1_is_not_supported(spec: str, releases: tuple[Version, ...]) -> None:
    with pytest.raises(UsageError) as caught:
        select_releases("pydantic", [spec], releases)

    assert caught.value.message == f"Pydantic {spec} is not supported: only Pydantic 2 is."
    assert caught.value.hint == "There are 2.0 to 2.14.1."


@pytest.mark.parametrize("spec", ["3", "3.0.0", ">=3", "3.*"])
def test_nor_is_pydantic_3_once_there_is_one(spec: str) -> None:
    releases = (*RELEASES, Version("3.0.0"))
    assert select_releases("pydantic", ["latest"], releases) == ("2.14.1",)

    with pytest.raises(UsageError) as caught:
        select_releases("pydantic", [spec], releases)

    assert caught.value.message == f"Pydantic {spec} is not supported: only Pydantic 2 is."


@pytest.mark.parametrize("spec", ["2.12.1", "==2.12.1"])
def test_a_withdrawn_version_is_had_by_its_exact_name(spec: str) -> None:
    asked: list[str] = []

    def is_known(version: str) -> bool:
        asked.append(version)
        return version == "2.12.1"

    assert select_releases("pydantic", [spec, "2.12.5"], RELEASES, is_known=is_known) == ("2.12.1", "2.12.5")
    assert asked == ["2.12.1"]
    with pytest.raises(UsageError, match=r"^There is no pydantic 2\.12\.2\.$"):
        select_releases("pydantic", ["2.12.2"], RELEASES, is_known=is_known)


def test_a_withdrawn_pydantic_1_is_not_asked_for() -> None:
    with pytest.raises(UsageError, match="not supported"):
        select_releases("pydantic", ["1.10.3"], RELEASES, is_known=lambda _: True)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("latest", "'latest' selects no release of pydantic."),
        ("2.14", "There is no pydantic 2.14."),
        ("2.14.1", "There is no pydantic 2.14.1."),
        (">=2", "No release of pydantic matches '>=2'."),
    ],
)
def test_without_any_releases_the_hint_says_so(spec: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        select_releases("pydantic", [spec], ())

    assert (caught.value.message, caught.value.hint) == (message, "No release of pydantic is known.")


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2.12.5", "2.14.0", ("2.12.5", "2.13.0", "2.13.4", "2.13.5", "2.14.0")),
        ("2.14.0", "2.12.5", ("2.12.5", "2.13.0", "2.13.4", "2.13.5", "2.14.0")),
        ("2.14.0b1", "2.15.0b1", ("2.14.0", "2.14.1")),
        ("1.10.2", "2.0.1", ("2.0", "2.0.1")),
        ("2.13.4", "2.13.4", ("2.13.4",)),
        ("2.12.1", "2.12.4", ()),
    ],
)
def test_between_are_the_final_releases_with_both_ends(first: str, last: str, expected: tuple[str, ...]) -> None:
    assert between(RELEASES, first, last) == expected


def test_pre_is_the_newest_release_be_it_a_pre_release() -> None:
    releases = [Version(one) for one in ("2.13.4", "2.14.0b1", "2.14.0", "2.15.0b2", "2.15.0b1", "1.10.26")]

    assert select_releases("pydantic", ["pre"], releases) == ("2.15.0b2",)
    assert select_releases("pydantic", ["pre"], releases[:3]) == ("2.14.0",)
    assert select_releases("pydantic", ["pre", "latest"], releases) == ("2.14.0", "2.15.0b2")
