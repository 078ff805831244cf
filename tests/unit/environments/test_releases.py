"""Which releases there are: pip's words read, lists kept, and what happens without an index."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from packaging.version import Version

from picklecheck.environments import releases as index
from picklecheck.environments.releases import find_trouble, list_releases, parse_listing
from picklecheck.errors import EnvironmentUnusableError

if TYPE_CHECKING:
    from pathlib import Path

    from picklecheck.environments.index_settings import IndexSettings

STOP = threading.Event()
LISTING = """\
pydantic (2.14.3)
Available versions: 2.14.3, 2.14.0, 2.14.0b1, 2.0, 1.10.2, not-a-version
  INSTALLED: 2.14.3
  LATEST:    2.14.3
"""
UNREACHABLE = (
    "Could not fetch URL http://u:secret@127.0.0.1:1/simple/pydantic/: connection error: "
    "HTTPConnectionPool(host='127.0.0.1', port=1): Max retries exceeded with url: /simple/pydantic/ (Caused by "
    "NewConnectionError('<pip._vendor.urllib3.connection.HTTPConnection object at 0x7faf20a29150>: "
    "Failed to establish a new connection: [Errno 111] Connection refused')) - skipping"
)
MISSING = "Could not fetch URL https://index/x/: 404 Client Error: Not Found for url: https://index/x/ - skipping"


def test_pips_list_is_read() -> None:
    assert [str(one) for one in parse_listing(LISTING)] == ["2.14.3", "2.14.0", "2.14.0b1", "2.0", "1.10.2"]
    assert parse_listing("garbage") == ()
    assert parse_listing("Available versions: \n") == ()


def test_an_index_that_does_not_answer_spoils_the_list() -> None:
    assert find_trouble(LISTING) is None
    assert find_trouble(f"{MISSING}\n{LISTING}") is None
    assert find_trouble(f"{UNREACHABLE}\n{LISTING}") == (
        "http://***@127.0.0.1:1/simple/pydantic/ did not answer: "
        "Failed to establish a new connection: [Errno 111] Connection refused"
    )
    assert find_trouble("ERROR: No matching distribution found for x") == "no matching distribution found for x"


class Pip:
    """Stands in for asking pip; counts how often."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, _name: str, _settings: IndexSettings, _stop: threading.Event) -> tuple[Version, ...]:
        self.asked += 1
        return parse_listing(LISTING)


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> Pip:
    """No process and no network."""
    pip = Pip()
    monkeypatch.setattr(index, "ask_pip", pip)
    return pip


def words(versions: tuple[Version, ...]) -> list[str]:
    """Return them as text."""
    return [str(one) for one in versions]


def test_final_releases_ascending_and_none_too_old(pip: Pip, tmp_path: Path) -> None:
    releases = list_releases("pydantic", cache_root=tmp_path, stop=STOP)

    assert words(releases.versions) == ["2.0", "2.14.0", "2.14.3"]
    assert releases.source == "the index"


def test_with_pre_releases(pip: Pip, tmp_path: Path) -> None:
    list_releases("pydantic", cache_root=tmp_path, stop=STOP)

    releases = list_releases("pydantic", cache_root=tmp_path, stop=STOP, pre=True)

    assert words(releases.versions) == ["2.0", "2.14.0b1", "2.14.0", "2.14.3"]
    assert pip.asked == 1


def test_a_list_is_kept_for_an_hour(pip: Pip, tmp_path: Path) -> None:
    for _ in range(2):
        list_releases("pydantic", cache_root=tmp_path, stop=STOP)
    assert pip.asked == 1

    list_releases("pydantic", cache_root=tmp_path, stop=STOP, refresh=True)
    assert pip.asked == 2

    age(tmp_path, timedelta(hours=2))
    list_releases("pydantic", cache_root=tmp_path, stop=STOP)
    assert pip.asked == 3

    age(tmp_path, -timedelta(hours=2))  # the clock was put back
    list_releases("pydantic", cache_root=tmp_path, stop=STOP)
    assert pip.asked == 4


def age(root: Path, by: timedelta) -> None:
    """Make the kept list older."""
    path = root / "releases" / "pydantic.json"
    document = json.loads(path.read_text())
    document["asked_at"] = (datetime.now(timezone.utc) - by).isoformat()
    path.write_text(json.dumps(document))


def test_a_list_of_another_index_is_not_used(pip: Pip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    list_releases("pydantic", cache_root=tmp_path, stop=STOP)
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://elsewhere/simple")
    list_releases("pydantic", cache_root=tmp_path, stop=STOP)

    assert pip.asked == 2


@pytest.mark.parametrize("broken", ["", "{}", "[]", '{"asked_at": 5}', "\x00"])
def test_a_broken_list_is_asked_for_anew(broken: str, pip: Pip, tmp_path: Path) -> None:
    list_releases("pydantic", cache_root=tmp_path, stop=STOP)
    (tmp_path / "releases" / "pydantic.json").write_text(broken)

    assert list_releases("pydantic", cache_root=tmp_path, stop=STOP).source == "the index"
    assert pip.asked == 2
    assert json.loads((tmp_path / "releases" / "pydantic.json").read_text())["versions"]


def test_a_place_that_cannot_be_written_is_done_without(pip: Pip, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert list_releases("pydantic", cache_root=tmp_path / "file", stop=STOP).versions


def test_offline_uses_what_is_kept_and_then_what_is_shipped(pip: Pip, tmp_path: Path) -> None:
    shipped = list_releases("pydantic", cache_root=tmp_path, stop=STOP, offline=True)
    assert pip.asked == 0
    assert shipped.source.startswith("the list of 20")
    assert Version("2.0") in shipped.versions
    assert Version("2.13.5") in shipped.versions
    assert shipped.versions == tuple(sorted(shipped.versions))
    assert list_releases("cloudpickle", cache_root=tmp_path, stop=STOP, offline=True).versions[0] == Version("2.0.0")

    list_releases("pydantic", cache_root=tmp_path, stop=STOP)
    age(tmp_path, timedelta(days=400))
    kept = list_releases("pydantic", cache_root=tmp_path, stop=STOP, offline=True)
    assert words(kept.versions) == ["2.0", "2.14.0", "2.14.3"]
    assert kept.source == f"the list of {(datetime.now(timezone.utc) - timedelta(days=400)).date()}"


def test_offline_and_unknown_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        EnvironmentUnusableError, match=r"No releases of click are known, and --offline was asked for\."
    ):
        list_releases("click", cache_root=tmp_path, stop=STOP, offline=True)


def test_an_index_out_of_reach_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/simple")

    with pytest.raises(EnvironmentUnusableError) as caught:
        list_releases("pydantic", cache_root=tmp_path, stop=STOP)

    assert caught.value.message.startswith(
        "The releases of pydantic could not be listed: http://127.0.0.1:1/simple/pydan"
    )
    assert "refused" in caught.value.message
    assert "--offline" in caught.value.hint
