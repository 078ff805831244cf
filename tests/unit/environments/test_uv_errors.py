"""What uv says when it fails, in one line. The texts are uv's own (0.13 and 0.5)."""

from __future__ import annotations

import pytest

from picklecheck.environments.uv_errors import find_place_trouble, one_line

NO_WHEELS = """\
Using Python 3.13.0 environment at: c
error: No solution found when resolving dependencies
  cause: Because pydantic-core==2.3.0 has no usable wheels and pydantic==2.0.3 depends on pydantic-core==2.3.0, we can conclude that pydantic==2.0.3 cannot be used.
         And because you require pydantic==2.0.3, we can conclude that your requirements are unsatisfiable.

hint: Wheels are required for `pydantic-core` because building from source is disabled for all packages (i.e., with `--no-build`)
"""  # noqa: E501
NO_WHEELS_DRAWN = """\
Using Python 3.13.0 environment at g
  × No solution found when resolving dependencies:
  ╰─▶ Because pydantic-core==2.3.0 has no usable wheels and building from
      source is disabled and pydantic==2.0.3 depends on pydantic-core==2.3.0,
      we can conclude that pydantic==2.0.3 cannot be used.
      And because you require pydantic==2.0.3, we can conclude that your
      requirements are unsatisfiable.
"""  # noqa: RUF001 - uv's
NO_VERSION = """\
error: No solution found when resolving dependencies
  cause: Because there is no version of pydantic==2.99.1 and you require pydantic==2.99.1, we can conclude that your requirements are unsatisfiable.
"""  # noqa: E501
NO_PACKAGE = """\
error: No solution found when resolving dependencies
  cause: Because nosuchpackage-xx was not found in the package registry and you require nosuchpackage-xx, we can conclude that your requirements are unsatisfiable.
"""  # noqa: E501
CONFLICT = """\
error: No solution found when resolving dependencies
  cause: Because fastapi==0.50.0 depends on pydantic>=0.32.2,<2.0.0 and you require pydantic==2.13.5, we can conclude that your requirements and fastapi==0.50.0 are incompatible.
         And because you require fastapi==0.50, we can conclude that your requirements are unsatisfiable.
"""  # noqa: E501
OLD_PYTHON = """\
error: No solution found when resolving dependencies
  cause: Because the current Python version (3.8.18) does not satisfy Python>=3.9 and pydantic==2.13.5 depends on Python>=3.9, we can conclude that pydantic==2.13.5 cannot be used.
"""  # noqa: E501
UNREACHABLE = """\
error: Request failed after 3 retries in 7.5s
  cause: Failed to fetch: http://127.0.0.1:1/simple/pydantic/
  cause: error sending request for url (http://127.0.0.1:1/simple/pydantic/)
  cause: client error (Connect)
  cause: tcp connect error
  cause: Connection refused (os error 111)
"""
UNREACHABLE_DRAWN = """\
error: Failed to fetch: `http://user:secret@127.0.0.1:1/simple/pydantic/`
  Caused by: Request failed after 3 retries
  Caused by: Connection refused (os error 111)
"""
UNPARSABLE = """\
\x1b[31merror\x1b[39m: Failed to parse: `pydantic=>2`
  cause: no such comparison operator "=>", must be one of ~= == != <= >= < > ===
         pydantic=>2
                 ^^^
"""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            NO_WHEELS,
            "pydantic-core==2.3.0 has no usable wheels and pydantic==2.0.3 depends on pydantic-core==2.3.0",
        ),
        (
            NO_WHEELS_DRAWN,
            (
                "pydantic-core==2.3.0 has no usable wheels and building from source is disabled and pydantic==2.0.3 "
                "depends on pydantic-core==2.3.0"
            ),
        ),
        (NO_VERSION, "there is no version of pydantic==2.99.1"),
        (NO_PACKAGE, "nosuchpackage-xx was not found in the package registry"),
        (CONFLICT, "fastapi==0.50.0 depends on pydantic>=0.32.2,<2.0.0 and you require pydantic==2.13.5"),
        (
            OLD_PYTHON,
            (
                "the current Python version (3.8.18) does not satisfy Python>=3.9 and pydantic==2.13.5 depends on "
                "Python>=3.9"
            ),
        ),
        (UNREACHABLE, "Failed to fetch: http://127.0.0.1:1/simple/pydantic/: Connection refused (os error 111)"),
        (
            UNREACHABLE_DRAWN,
            "Failed to fetch: `http://***@127.0.0.1:1/simple/pydantic/`: Connection refused (os error 111)",
        ),
        (
            UNPARSABLE,
            'Failed to parse: `pydantic=>2`: no such comparison operator "=>", must be one of ~= == != <= >= < > ===',
        ),
        ("error: File not found: nofile.txt\n", "File not found: nofile.txt"),
        ("something else\nat the end\n", "at the end"),
        ("", "uv failed and said nothing"),
    ],
)
def test_one_line(text: str, line: str) -> None:
    assert one_line(text) == line


def test_a_wall_of_text_is_cut() -> None:
    assert len(one_line("error: " + "word " * 200)) == 300


def test_trouble_with_the_place_is_told_from_trouble_with_packages() -> None:
    assert (
        find_place_trouble("error: failed to create file\n  cause: No space left on device (os error 28)") is not None
    )
    assert find_place_trouble(NO_WHEELS) is None
