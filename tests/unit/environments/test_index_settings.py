"""Where packages come from: uv's settings if it has any, otherwise pip's, said to uv."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from picklecheck.environments.index_settings import (
    Indexes,
    read_index_settings,
    to_pip,
    to_uv,
    uv_indexes_of_table,
    uv_indexes_of_variables,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("table", "indexes"),
    [
        ({}, Indexes()),
        ({"index-url": "https://a"}, Indexes("https://a")),
        ({"extra-index-url": ["https://b"], "find-links": ["/w"]}, Indexes(None, ("https://b",), ("/w",))),
        (
            {
                "index": [
                    {"name": "a", "url": "https://a", "default": True},
                    {"url": "https://b"},
                    {"name": "c", "url": "https://c", "explicit": True},
                ]
            },
            Indexes("https://a", ("https://b",)),
        ),
        (
            {"index-url": "https://a", "pip": {"index-url": "https://p", "no-index": True}},
            Indexes("https://p", none=True),
        ),
    ],
)
def test_a_table_of_uvs(table: dict[str, Any], indexes: Indexes) -> None:
    assert uv_indexes_of_table(table) == indexes


def test_uvs_variables() -> None:
    said = {
        "UV_DEFAULT_INDEX": "main=https://a/?x=1",
        "UV_INDEX": "https://b c=https://c",
        "UV_EXTRA_INDEX_URL": "https://d",
        "UV_FIND_LINKS": "/w,/x",
    }
    assert uv_indexes_of_variables(said) == Indexes(
        "https://a/?x=1", ("https://b", "https://c", "https://d"), ("/w", "/x")
    )
    assert uv_indexes_of_variables({"UV_INDEX_URL": "https://a"}) == Indexes("https://a")
    assert uv_indexes_of_variables({}) == Indexes()


@pytest.mark.parametrize(
    ("indexes", "said"),
    [
        (Indexes(), {}),
        # pip's own extra indexes are kept out, for uv has none of them
        (Indexes("https://a"), {"PIP_INDEX_URL": "https://a", "PIP_EXTRA_INDEX_URL": "https://a"}),
        (Indexes(None, ("https://b", "https://c")), {"PIP_EXTRA_INDEX_URL": "https://b https://c"}),
        (Indexes(links=("/w",), none=True), {"PIP_FIND_LINKS": "/w", "PIP_NO_INDEX": "1"}),
    ],
)
def test_uvs_settings_for_pip(indexes: Indexes, said: dict[str, str]) -> None:
    assert to_pip(indexes) == said


def test_pips_settings_for_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("ALL_PROXY", raising=False)
    options = {
        "index-url": "https://a",
        "extra-index-url": f"https://b file://{tmp_path} file:///not/there",
        "find-links": f"{tmp_path} /not/there https://w",
        "trusted-host": "a",
        "cert": "/c.pem",
        "proxy": "http://p",
    }
    assert to_uv(options) == {
        "UV_DEFAULT_INDEX": "https://a",
        "UV_INDEX": f"https://b file://{tmp_path}",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_FIND_LINKS": f"{tmp_path},https://w",
        "UV_INSECURE_HOST": "a",
        "SSL_CERT_FILE": "/c.pem",
        "ALL_PROXY": "http://p",
    }
    assert to_uv({}) == {}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without any settings."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("sys.prefix", str(tmp_path / "prefix"))
    return tmp_path


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return variables under which nobody's settings are seen but this home's."""
    return {"XDG_CONFIG_HOME": str(home / "config"), "XDG_CONFIG_DIRS": str(home / "etc"), **more}


def write(path: Path, text: str) -> None:
    """Write a file and its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_pips_files_and_variables_from_weak_to_strong(home: Path) -> None:
    write(home / "etc" / "pip" / "pip.conf", "[global]\nindex-url = https://etc\nextra_index_url = https://x\n")
    write(
        home / "config" / "pip" / "pip.conf",
        "[install]\nindex-url = https://install\n[global]\nindex-url = https://g\n",
    )

    settings = read_index_settings(environment(home), home)
    assert settings.for_uv == {
        "UV_DEFAULT_INDEX": "https://install",
        "UV_INDEX": "https://x",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }
    assert settings.for_pip == {}
    assert settings.decisive == settings.for_uv

    strong = read_index_settings(environment(home, PIP_INDEX_URL="https://v", PIP_CONFIG_FILE="/dev/null"), home)
    assert strong.for_uv == {"UV_DEFAULT_INDEX": "https://v"}


def test_uvs_settings_keep_pips_out(home: Path) -> None:
    write(home / "config" / "pip" / "pip.conf", "[global]\nindex-url = https://pip\n")
    write(home / "project" / "pyproject.toml", '[tool.uv]\nexclude-newer = "2026-01-01"\n')
    write(home / "config" / "uv" / "uv.toml", '[[index]]\nurl = "https://uv"\ndefault = true\n')

    settings = read_index_settings(environment(home), home / "project" / "below")

    assert settings.for_uv == {}
    assert settings.for_pip["PIP_INDEX_URL"] == "https://uv"
    assert settings.decisive["0 exclude-newer"] == "2026-01-01"
    assert read_index_settings(environment(home, UV_NO_CONFIG="1"), home / "project").for_pip == {}


@pytest.mark.parametrize("broken", ["[global", "no = section", "\x00"])
def test_broken_settings_count_as_none(broken: str, home: Path) -> None:
    write(home / "config" / "pip" / "pip.conf", broken)
    write(home / "config" / "uv" / "uv.toml", broken)

    assert read_index_settings(environment(home), home).for_uv == {}


@pytest.mark.parametrize(
    "text",
    [
        '[tool.uv]\nindex = "https://example.test/simple"',
        "[tool.uv]\nindex = [{default = true}]",
        "[tool.uv]\nextra-index-url = 5",
        "[tool.uv]\npip = 1",
        "tool = 1",
        "[tool]\nuv = 1",
        "not toml at all",
    ],
)
def test_what_uv_would_not_read_is_left_to_uv(text: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(text)

    settings = read_index_settings({"XDG_CONFIG_HOME": str(tmp_path), "PIP_CONFIG_FILE": os.devnull}, tmp_path)

    assert "PIP_INDEX_URL" not in settings.for_pip
