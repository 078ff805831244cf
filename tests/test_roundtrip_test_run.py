"""Payloads that name what only a test run has, and targets that are built without it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from picklecheck.model import Outcome
from picklecheck.testing import ColdRoundtrip, NotPortableError, UndecidedError

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Place

SHOP = """
from typing import Generic, TypeVar
from pydantic import BaseModel
T = TypeVar("T")
class User(BaseModel):
    name: str = "a"
class Page(BaseModel, Generic[T]):
    value: T
UserList = Page[list[User]]
def make_page(): return Page[User](value=User())
def make_list(): return UserList(value=[User()])
"""
TEST_API = """
from shop import Page, User
UserPage = Page[User]
def test_api(): pass
"""
HELPERS = """
from shop import Page, User
Users = Page[dict[str, User]]
"""
FIXTURES = """
import shop
Names = shop.Page[dict[int, shop.User]]
"""
CONFTEST = """
import pathlib, sys
sys.path.append(str(pathlib.Path(__file__).parent / "support"))
"""
TEST_PAGES = """
import fixtures, pytest
from pydantic import BaseModel
import helpers, shop
class Own(BaseModel):
    n: int = 1
OwnPage = shop.Page[Own]
def test_page(cold_roundtrip): cold_roundtrip(shop.make_page())
def test_fixed(cold_roundtrip): cold_roundtrip(shop.make_page(), fix="class")
def test_list(cold_roundtrip): cold_roundtrip(shop.make_list())
def test_helper(cold_roundtrip): cold_roundtrip(helpers.Users(value={}))
def test_below(cold_roundtrip): cold_roundtrip(fixtures.Names(value={}))
def test_own(cold_roundtrip): cold_roundtrip(Own())
def test_own_page(cold_roundtrip): cold_roundtrip(OwnPage(value=Own()))
def test_target(cold_roundtrip): cold_roundtrip("shop:make_page")
def test_target_list(cold_roundtrip): cold_roundtrip("shop:make_list")
"""


@pytest.fixture
def project(place: Place) -> Path:
    """An application, and tests beside it."""
    (place.work / "shop.py").write_text(SHOP)
    tests = place.work / "tests"
    (tests / "support").mkdir(parents=True)
    (tests / "support" / "fixtures.py").write_text(FIXTURES)
    sources = {"conftest": CONFTEST, "test_api": TEST_API, "helpers": HELPERS, "test_pages": TEST_PAGES}
    for name, source in sources.items():
        (tests / f"{name}.py").write_text(source)
    return place.work


@pytest.mark.thorough
@pytest.mark.usefixtures("project")
def test_a_test_fails_in_the_suite_as_it_fails_alone(place: Place) -> None:
    options = ("-m", "pytest", "-p", "no:cacheprovider", "-q", "--tb=short", "-rA")
    suite = place.run_python(*options, "tests")
    alone = place.run_python(*options, "tests/test_pages.py")

    passed = {"test_fixed", "test_list"}
    for ended, code in ((suite, "PC205"), (alone, "PC101")):
        assert {line.rpartition("::")[2] for line in ended.stdout.splitlines() if line.startswith("PASSED")} >= passed
        failed = {line.partition("::")[2].partition(" ")[0] for line in ended.stdout.splitlines() if "FAILED" in line}
        assert {"test_page", "test_helper", "test_below", "test_target"} <= failed
        assert "test_target_list" not in failed
        assert "test_own" not in failed
        assert f"{code} " in ended.stdout
    assert "test_api, a module that only this test run has" in suite.stdout
    for name in ("helpers", "fixtures"):
        assert f"{name}, a module that only this test run has" in alone.stdout


def test_a_string_that_names_a_target_is_built_in_a_fresh_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fresh_shop.py").write_text(SHOP)
    with ColdRoundtrip() as roundtrip:
        roundtrip(0)
        monkeypatch.syspath_prepend(tmp_path)
        result = roundtrip("fresh_shop:make_list")
        assert (result.verdict.outcome, result.cell.scenario) == (Outcome.PASS, "fresh_shop:make_list")
        assert "fresh_shop" not in sys.modules
        with pytest.raises(NotPortableError) as caught:
            roundtrip("fresh_shop:make_page")
        assert "PC101" in str(caught.value)
        assert roundtrip("fresh_shop:make_page", fix="class").verdict.outcome is Outcome.PASS
        with pytest.raises(UndecidedError) as undecided:
            roundtrip("fresh_shop:nothing")
        assert "PC904" in str(undecided.value)
        for word in ("just words", "a:", "http://a.b", "a:b/c"):
            assert roundtrip(word).cell.scenario == "builtins:str"
