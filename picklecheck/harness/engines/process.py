"""The default engine: producer and receivers are processes, the payload is a file between them."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from picklecheck.errors import EvidenceLostError
from picklecheck.model import Observation
from picklecheck.verdicts.payload import read_payload

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from picklecheck.harness.probe_client import ProbeClient
    from picklecheck.harness.staging import StagingFolder
    from picklecheck.model import Cell, Child, Payload, Scenario

NAME = "process"


@dataclass(frozen=True)
class SentPayload:
    """What a producer left: what was seen of it, its payload if it dumped one, and where that is kept."""

    producer: Child
    payload: Payload | None
    path: Path

    def discard(self) -> None:
        """Remove the payload."""
        _discard(self.path)


class ProcessEngine:
    """Runs the processes of cells on one server, one after the other."""

    def __init__(self, server: ProbeClient, folder: StagingFolder, timeout: float, path: Sequence[str] = ()) -> None:
        self._server = server
        self._folder = folder
        self._timeout = timeout
        self._path = tuple(path)

    def observe(self, scenario: Scenario, cells: Sequence[Cell]) -> Iterator[tuple[Cell, Observation]]:
        """Produce once for cells that differ in their receiver alone, then receive once for each.

        Raises ServerLostError.
        """
        sent = self.produce(scenario, cells[0])
        try:
            for cell in cells:
                yield cell, self.receive(scenario, cell, sent)
        finally:
            sent.discard()

    def produce(self, scenario: Scenario, cell: Cell) -> SentPayload:
        """Have the value of a cell dumped, whoever is to receive it; raises ServerLostError."""
        path = self._folder.new_payload()
        job = {
            "serializer": cell.serializer.name,
            "protocol": cell.serializer.protocol,
            "fix": cell.fix,
            "fix_path": str(self._folder.fix_path),
            "payload": str(path),
            **self._of_target(scenario, path),
        }
        try:
            producer = self._server.run(self._folder.producer(scenario, cell.site), job, self._timeout)
            return SentPayload(producer, _read(path) if producer.stage == "done" else None, path)
        except BaseException:
            _discard(path)
            raise

    def receive(self, scenario: Scenario, cell: Cell, sent: SentPayload) -> Observation:
        """Have what was sent received; raises ServerLostError."""
        seen = Observation(sent.producer, sent.payload)
        if sent.payload is None:
            return seen
        produced = sent.producer.facts
        job: dict[str, Any] = {
            "serializer": cell.serializer.name,
            "protocol": cell.serializer.protocol,
            "payload": str(sent.path),
            "buffers": produced["payload"]["buffers"],
            "specializations": produced["specializations"],
            **self._of_target(scenario, sent.path),
        }
        if "path" in produced:  # who dumped was no process of ours, and told where it finds its modules
            job["path"] = produced["path"]
        main = self._folder.receiver(scenario, cell.site, cell.receiver)
        if cell.receiver != "relay":
            return replace(seen, receiver=self._server.run(main, job, self._timeout))
        onward = self._folder.new_payload()
        try:
            relay_main = self._folder.relay(scenario, cell.site)
            relay = self._server.run(relay_main, {**job, "relayed_payload": str(onward)}, self._timeout)
            if relay.stage != "done":
                return replace(seen, relay=relay)
            job.update(payload=str(onward), buffers=relay.facts["payload"]["buffers"])
            receiver = self._server.run(main, job, self._timeout)
            return replace(seen, relay=relay, relayed=_read(onward), receiver=receiver)
        finally:
            _discard(onward)

    def _of_target(self, scenario: Scenario, path: Path) -> dict[str, Any]:
        """Return what only the roles of a target are told: where it is imported from, and what was left beside it."""
        if not scenario.is_target:
            return {}
        files = {name: str(path.with_name(f"{path.name}.{name}")) for name in ("portrait", "uses", "warm")}
        # A script finds what lies beside it first, wherever it was started.
        beside = [os.path.dirname(scenario.module)] if scenario.is_script else []  # noqa: PTH120 - a string for a job
        return {"path": [*beside, *self._path], **files}


def _read(path: Path) -> Payload:
    try:
        return read_payload(path.with_name(f"{path.name}.0").read_bytes())
    except OSError as error:
        msg = f"the payload could not be read again where it was left: {error.strerror}"
        raise EvidenceLostError(msg) from error


def _discard(path: Path) -> None:
    for part in path.parent.glob(path.name + ".*"):
        part.unlink(missing_ok=True)
