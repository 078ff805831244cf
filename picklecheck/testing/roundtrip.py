"""One object of this process, dumped here and loaded in a fresh process: what tests need. Prints nothing."""
# mypy: allow-untyped-calls
# The probe is untyped: the annotations that Python 3.8 reads would cost imports in every child.

from __future__ import annotations

import contextlib
import os
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from picklecheck.errors import PicklecheckError, UsageError
from picklecheck.harness.engines.process import SentPayload
from picklecheck.harness.runner import require_serializers
from picklecheck.harness.staging import StagingFolder
from picklecheck.harness.worker import Worker
from picklecheck.model import FIXES, OBJECT, OWN_SITE, Cell, Child, Outcome
from picklecheck.plan.cells import parse_serializer
from picklecheck.plan.scripts import find_targets
from picklecheck.plan.targets import targets_in
from picklecheck.probe import portrait, recipes, serializers, target, unpicklable, uses
from picklecheck.probe.channel import describe_exception
from picklecheck.probe.classes import specializations
from picklecheck.probe.importable import describe_classes
from picklecheck.probe.witness import Witness
from picklecheck.reducers import installed
from picklecheck.testing.borrowed import borrowed_modules
from picklecheck.verdicts.cures import cells_to_try, trials
from picklecheck.verdicts.diagnosis import diagnose
from picklecheck.verdicts.payload import read_payload

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType

    from typing_extensions import Self

    from picklecheck.harness.settings import RunSettings
    from picklecheck.model import Environment, Result, Scenario, Trial

# What a receiver can have done before it loads an object of which nothing is known but itself.
RECEIVERS = ("bare", "bare-module", "cold", "warm", "warm-function", "warm-other", "relay")


class Roundtrips:
    """A server that starts fresh processes for as long as this context manager is open; for one thread at a time.

    They have this interpreter, its environment and its ``sys.path`` of that moment, and have imported nothing of yours.
    """

    def __init__(self, settings: RunSettings) -> None:
        self._settings = settings
        self._open = contextlib.ExitStack()
        self.is_closed = False

    def __enter__(self) -> Self:
        """Start the server; raises EnvironmentUnusableError."""
        # Each is closed before it is opened, so to speak: Ctrl-C in a test process comes between any two lines.
        try:
            self._folder = StagingFolder()
            self._open.push(self._folder)
            self._folder.__enter__()
            self._worker = Worker(Path(sys.executable), self._settings, self._folder, threading.Event())
            self._open.push(self._worker)
            self._worker.__enter__()
        except BaseException:
            self._open.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the server, and with it its children; a second time does what the first one was kept from."""
        self.is_closed = True
        try:
            self._open.close()
        except BaseException:
            self._open.close()
            raise

    def environment(self) -> Environment:
        """Return the environment of both sides; raises EnvironmentUnusableError."""
        return self._worker.environment()

    def check(self, value: object, serializer: str, receiver: str, fix: str) -> Result:
        """Dump ``value`` here and load it there. Raises UsageError for what is no such axis value.

        A string that names a target is built and dumped in a fresh process, as on the command line.
        Raises EnvironmentUnusableError if the serializer is not installed.
        """
        for name, word, known in (("receiver", receiver, RECEIVERS), ("fix", fix, FIXES)):
            if word not in known:
                msg = f"{name} {word!r} is none of {', '.join(known)}."
                raise UsageError(msg, f"Use {known[0]!r}, for instance.")
        scenario = _target(value)
        name = scenario.id if scenario else _name_of(value)
        cell = Cell(name, parse_serializer(serializer), OWN_SITE, receiver, fix)
        environment = self.environment()
        require_serializers(environment, {cell.serializer.name})
        name = environment.id
        if scenario:
            (result,) = self._worker.check(scenario, [cell], name, _search_path())
            return result
        sent = _dump(value, cell, self._folder.new_payload())
        try:
            (result,) = self._worker.receive(OBJECT, [cell], sent, sent, (name, name))
            result = _ask_equality(result, sent, value)
        finally:
            sent.discard()
        return replace(result, receiver_environment=None)

    def try_cures(self, value: object, result: Result) -> list[Trial]:
        """Return whether the fix helps ``value``, which did not arrive: it is dumped once more, where that can tell."""
        seen = result.observation
        if seen is None or not any(one["specialization"] for one in seen.producer.facts.get("classes", ())):
            return []  # whatever came of a second time, the fix would have no part in it
        judged = [(result.cell, result.verdict.outcome, result.verdict.code)]
        outcomes = {}
        for cell in cells_to_try(judged):
            # An object that cannot be had a second time, or a server that is lost: then nothing was tried.
            with contextlib.suppress(PicklecheckError):
                again = self.check(value, str(cell.serializer), cell.receiver, cell.fix)
                outcomes[cell] = again.verdict.outcome
        return trials(judged, outcomes.get, result.environment)


def _target(value: object) -> Scenario | None:
    """Return the target that a string names; None for any other string. Raises UsageError for an absent script."""
    if type(value) is not str:
        return None
    try:
        (scenario,) = targets_in([value])
    except (UsageError, ValueError):
        return None
    return find_targets([value], (str(Path.cwd()),))[0] if scenario.id == value else None


def _ask_equality(result: Result, sent: SentPayload, value: object) -> Result:
    """Let the object's own ``==`` decide what nothing else does: may an object that restores itself differ as it does?

    Loaded here only where a fresh process has loaded it: it neither hangs nor kills.
    """
    seen = result.observation
    receiver = seen.receiver if seen else None
    if seen is None or receiver is None or not receiver.facts.get("rebuilt"):
        return result
    if result.verdict.outcome is Outcome.UNDECIDED:  # as it is whatever the object says
        return result
    serializer, count = result.cell.serializer.name, sent.producer.facts["payload"]["buffers"]
    payload, buffers = serializers.fetch(str(sent.path), count)
    facts = {**seen.producer.facts, "equals_copy": uses.equals_copy(value, payload, buffers, serializer)}
    asked = replace(seen, producer=replace(seen.producer, facts=facts))
    verdict = diagnose(asked)
    expected = verdict.outcome is Outcome.PASS if verdict.outcome.is_judged else None
    return replace(result, observation=asked, verdict=verdict, expected=expected)


def _search_path() -> list[str]:
    """Return where the receivers are to look for modules, as it stands now: a test may have changed it."""
    return [os.path.abspath(folder) for folder in sys.path]  # noqa: PTH100 - links stay


def _name_of(value: object) -> str:
    """Return what the cell of an object is called: by its class, without what separates the parts of an id."""
    cls = value if isinstance(value, type) else type(value)
    return f"{cls.__module__}:{cls.__qualname__}".replace("/", "|")


def _dump(value: object, cell: Cell, path: Path) -> SentPayload:
    """Do here what a producer does in a process of its own, and note the same facts."""
    facts: dict[str, Any] = {"stage": "dump", "path": _search_path(), "nothing": target.nothing_in(value)}
    facts["is_untried"] = True  # a test's own object is neither validated nor serialized
    payload = None
    # Dumped first: whoever looks at an object may change it. Nothing else of the user's is called but what draws it.
    with _fixed(cell):
        try:
            dumped, buffers = serializers.dump(value, cell.serializer.name, cell.serializer.protocol)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what there is to tell
            facts["error"] = describe_exception(error, str(Path.cwd()))
            facts["unpicklable"] = unpicklable.find(value, cell.serializer.name, cell.serializer.protocol)
    witness = Witness(str(path), known=0)
    try:
        drawn = portrait.draw(value)
        found = specializations(drawn.classes)
        facts["specializations"] = [witness.describe_class(cls) for cls in found]
        facts["classes"] = describe_classes(drawn.classes)
    except Exception as error:  # noqa: BLE001 - of code of the user's, such as a __repr__
        if "error" not in facts:
            facts.update(stage="portray", error=describe_exception(error, str(Path.cwd())))
        return SentPayload(_here(facts), None, path)
    if cell.receiver.startswith("warm"):
        _leave_recipes(found, path)
    if "error" not in facts:
        stored = serializers.store(str(path), dumped, buffers)
        target.leave_portrait(f"{path}.portrait", value, drawn)
        payload = read_payload(dumped)
        borrowed = borrowed_modules(payload.globals)
        facts.update(stage="done", payload=stored, buffers_expected=0, test_run_modules=borrowed)
    return SentPayload(_here(facts), payload, path)


def _here(facts: dict[str, Any]) -> Child:
    """Return what this process did as if it were a child that has ended."""
    return Child(facts, exit_status=0, signal=None, timed_out=False, stdout="", stderr="", duration_s=0.0, cpu_s=0.0)


def _fixed(cell: Cell) -> AbstractContextManager[None]:
    if cell.fix == "none":
        return contextlib.nullcontext()
    return installed("class" if cell.fix == "class" else "instance")


def _leave_recipes(classes: Sequence[type], path: Path) -> None:
    """Write what a warm receiver evaluates: each specialization from its origin and arguments; raises UsageError."""
    hint = "Its specializations cannot be written as origin and arguments; use 'cold'."
    error = recipes.write(classes, f"{path}.warm")
    if error is not None:
        msg = f"There is no warm receiver for this object: {type(error).__name__}: {error}."
        raise UsageError(msg, hint) from error
    for name in (name for recipe in recipes.read(f"{path}.warm") for name in read_payload(recipe).globals):
        if name.startswith("__main__ "):
            msg = f"There is no warm receiver for this object: its __main__ is another program, without {name[9:]}."
            raise UsageError(msg, hint)
