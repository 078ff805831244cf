"""Cells of a report as JSON, on disk: however many there are, they take no memory but a number each."""

from __future__ import annotations

import json
from array import array
from typing import IO, TYPE_CHECKING

from picklecheck.errors import PlaceUnusableError
from picklecheck.reports.json_format.cells import document_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from typing_extensions import Self

    from picklecheck.model import Result


class CellSpool:
    """A file of lines, one a result, which come in any order and are read in the order of their places.

    ``with_evidence`` says whether the results should come with their observations.
    """

    def __init__(self, path: Path, *, with_evidence: bool) -> None:
        self.with_evidence = with_evidence
        self._path = path
        self._places: array[int] = array("Q")
        self._starts: array[int] = array("Q")

    def __enter__(self) -> Self:
        """Create the file."""
        self._file: IO[bytes] = self._path.open("w+b")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the file; its folder is removed by whoever made it."""
        self._file.close()

    def add(self, place: int, result: Result, *, reused: bool = False) -> None:
        """Write a result."""
        self.add_line(place, json.dumps(document_of(result, reused=reused)))

    def add_line(self, place: int, line: str) -> None:
        """Write a cell that is JSON already; raises PlaceUnusableError."""
        self._places.append(place)
        self._starts.append(self._file.tell())
        try:
            self._file.write(line.encode("ascii") + b"\n")
        except OSError as error:
            msg = f"{self._path.parent} cannot hold the cells of the report: {error.strerror}."
            raise PlaceUnusableError(msg, "TMPDIR says where they go until they are printed.") from error

    def lines(self) -> Iterator[str]:
        """Yield all lines, without their ends, in the order of their places."""
        for number in sorted(range(len(self._places)), key=self._places.__getitem__):
            self._file.seek(self._starts[number])
            yield self._file.readline().decode("ascii").rstrip("\n")
        self._file.seek(0, 2)
