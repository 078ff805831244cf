"""Try the fix in the workers of real engines, and write the table of what came back into a page.

    python benchmarks/try_engines.py [--page docs/fix.md] [ENGINE ...]

Each engine starts a worker, sends it a ``Box[int]`` that is registered nowhere, and gets back a ``Box[List[Box[int]]]``
that nobody has registered either. An environment with the engines is built with uv, from the package index, in a
temporary folder. The programs are in engines/.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import uv

BENCHMARKS = Path(__file__).resolve().parent
PROGRAMS = BENCHMARKS / "engines"
REDUCERS = BENCHMARKS.parent / "picklecheck" / "reducers"
BLOCK = re.compile(r"(<!-- engines: begin -->\n).*?(<!-- engines: end -->)", re.DOTALL)
# Engine -> the package that has it.
ENGINES = {
    "multiprocessing": None,
    "joblib": "joblib",
    "dask": "distributed",
    "ray": "ray",
    "celery": "celery",
}
# Where the fix is: nowhere, in the sender, in sender and workers as the page tells, in the sender with propagate=True.
MODES = {
    "none": "without the fix",
    "sender": "`install()` in the sender",
    "workers": "and in the workers",
    "propagate": "`install(propagate=True)` in the sender",
}
LIMIT_S = 120.0


def build(folder: Path, pydantic: str, engines: list[str]) -> Path:
    """Make an environment with the engines and the reducers; return its interpreter."""
    python = folder / "venv" / "bin" / "python"
    packages = [package for engine in engines if (package := ENGINES[engine])]
    for arguments in (
        ["venv", "--quiet", "--no-project", "--python", sys.executable, str(folder / "venv")],
        ["pip", "install", "--quiet", "--python", str(python), f"pydantic=={pydantic}", "cloudpickle", *packages],
    ):
        subprocess.run([uv.find_uv_bin(), *arguments], check=True, timeout=900)
    (folder / "fix" / "picklecheck").mkdir(parents=True)
    shutil.copytree(REDUCERS, folder / "fix" / "picklecheck" / "reducers", ignore=shutil.ignore_patterns("__pycache__"))
    return python


def attempt(python: Path, folder: Path, engine: str, mode: str) -> str:
    """Run one engine in one mode; say what the worker got, and what the sender got back."""
    place = Path(tempfile.mkdtemp(prefix="", dir=folder))  # short: Ray puts sockets there, whose paths are limited
    variables = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        "PYTHONPATH": os.pathsep.join([str(folder / "fix"), str(PROGRAMS)]),
        "TMPDIR": str(place),
        "MODE": mode,
    }
    try:
        done = subprocess.run(
            [python, PROGRAMS / f"with_{engine}.py"],
            cwd=place,
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"nothing within {LIMIT_S:.0f} s"
    lines = [line for line in done.stdout.splitlines() if line.startswith('{"engine_report"')]
    if not lines:
        sys.exit(f"{engine}, {mode}: no report (status {done.returncode})\n{done.stderr}")
    report = json.loads(lines[-1])["engine_report"]
    return report if isinstance(report, str) else ", ".join("yes" if one else "no" for one in report)


def versions(python: Path, packages: list[str]) -> str:
    """Read back what is installed."""
    program = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"
    done = subprocess.run([python, "-c", program, *packages], check=True, capture_output=True, text=True)
    return ", ".join(map(" ".join, zip(packages, done.stdout.split(), strict=True)))


def main() -> None:
    """Build, try, print, and write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("engines", nargs="*", metavar="ENGINE", help=f"which of {', '.join(ENGINES)} (default: all)")
    parser.add_argument("--page", type=Path, metavar="PATH", help="a page with the markers of the table")
    parser.add_argument("--pydantic", default="2.14.3", metavar="VERSION")
    options = parser.parse_args()
    engines = options.engines or list(ENGINES)
    unknown = [engine for engine in engines if engine not in ENGINES]
    if unknown:
        parser.error(f"there is no engine {unknown[0]!r}; choose from {', '.join(ENGINES)}")

    with tempfile.TemporaryDirectory(prefix="pc-") as name:
        folder = Path(name).resolve()
        python = build(folder, options.pydantic, engines)
        rows = [("engine", *MODES.values()), ("---",) * (1 + len(MODES))]
        for engine in engines:
            rows.append((engine, *(attempt(python, folder, engine, mode) for mode in MODES)))
            print(*rows[-1], sep=" | ", flush=True)
        packages = ["pydantic", "cloudpickle", *(package for engine in engines if (package := ENGINES[engine]))]
        said = versions(python, packages)
    text = "\n".join(f"| {' | '.join(row)} |" for row in rows) + f"\n\n({said})\n"
    print(f"\n{text}")
    if options.page:
        page = options.page.read_text(encoding="utf-8")
        options.page.write_text(BLOCK.sub(lambda match: f"{match[1]}\n{text}\n{match[2]}", page), encoding="utf-8")


if __name__ == "__main__":
    main()
