"""The default engine: producer and receivers are processes, the payload is a file between them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from picklecheck.model import Observation
from picklecheck.payload import read_payload

if TYPE_CHECKING:
    import itertools
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from picklecheck.engines.server import ProbeServer
    from picklecheck.model import Cell, Payload, Scenario
    from picklecheck.staging import StagingFolder

NAME = "process"


class ProcessEngine:
    """Runs the processes of cells on one server, one after the other."""

    def __init__(
        self, server: ProbeServer, folder: StagingFolder, timeout: float, numbers: itertools.count[int]
    ) -> None:
        self._server = server
        self._folder = folder
        self._timeout = timeout
        self._numbers = numbers

    def observe(self, scenario: Scenario, cells: Sequence[Cell]) -> Iterator[tuple[Cell, Observation]]:
        """Produce once for cells that differ in their receiver alone, then receive once for each.

        Raises ServerLostError.
        """
        first = cells[0]
        path = self._folder.payload(next(self._numbers))
        job = {
            "serializer": first.serializer.name,
            "protocol": first.serializer.protocol,
            "fix": first.fix,
            "fix_path": str(self._folder.fix_path),
            "payload": str(path),
        }
        main = self._folder.producer(scenario, first.site)
        producer = self._server.run(main, job, self._timeout)
        try:
            if producer.stage != "done":
                for cell in cells:
                    yield cell, Observation(producer)
                return
            payload = _read(path)
            for cell in cells:
                yield cell, self._receive(scenario, cell, path, Observation(producer, payload))
        finally:
            _discard(path)

    def _receive(self, scenario: Scenario, cell: Cell, path: Path, sent: Observation) -> Observation:
        produced = sent.producer.facts
        job: dict[str, Any] = {
            "serializer": cell.serializer.name,
            "protocol": cell.serializer.protocol,
            "payload": str(path),
            "buffers": produced["payload"]["buffers"],
            "specializations": produced["specializations"],
        }
        main = self._folder.receiver(scenario, cell.site, cell.receiver)
        if cell.receiver != "relay":
            return replace(sent, receiver=self._server.run(main, job, self._timeout))
        onward = self._folder.payload(next(self._numbers))
        try:
            relay_main = self._folder.relay(scenario, cell.site)
            relay = self._server.run(relay_main, {**job, "relayed_payload": str(onward)}, self._timeout)
            if relay.stage != "done":
                return replace(sent, relay=relay)
            job.update(payload=str(onward), buffers=relay.facts["payload"]["buffers"])
            receiver = self._server.run(main, job, self._timeout)
            return replace(sent, relay=relay, relayed=_read(onward), receiver=receiver)
        finally:
            _discard(onward)


def _read(path: Path) -> Payload:
    return read_payload(path.with_name(f"{path.name}.0").read_bytes())


def _discard(path: Path) -> None:
    for part in path.parent.glob(path.name + ".*"):
        part.unlink()
