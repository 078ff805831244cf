"""Runs plans in many environments, which are built while the cells of others run. Prints nothing."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from picklecheck.environments.cache import using
from picklecheck.environments.parallel_builds import build_all
from picklecheck.errors import EnvironmentUnavailableError, EnvironmentUnusableError, InterruptedEarlyError
from picklecheck.harness.schedule import Schedule
from picklecheck.harness.worker import Worker
from picklecheck.matrix_report import Pair
from picklecheck.model import Environment, Result
from picklecheck.plan.cells import groups_of
from picklecheck.threads import LinkedEvent, gather

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
    from types import TracebackType

    from typing_extensions import Self

    from picklecheck.environments.cache import BuiltEnvironment, EnvironmentCache
    from picklecheck.harness.result_store import ResultStore
    from picklecheck.harness.schedule import WorkQueue
    from picklecheck.harness.settings import RunSettings
    from picklecheck.harness.staging import StagingFolder
    from picklecheck.harness.worker import Produced
    from picklecheck.model import Cell, EnvironmentSpec, Scenario
    from picklecheck.plan.environments import EnvironmentPlan


@dataclass(frozen=True)
class Note:
    """Something about an environment that the user should know, in one sentence."""

    environment: str
    text: str


@dataclass(frozen=True)
class Reused:
    """A result that an earlier run found."""

    result: Result


Event = Environment | Note | Result | Reused


@dataclass(frozen=True)
class Options:
    """What a matrix run needs besides its plan.

    ``store`` takes results for later runs; ``reuse`` says whether those of earlier ones count. Without
    ``keep_observations`` the results come without them, which is what keeps a large matrix small. ``digests`` are those
    of the catalogue's scenarios.
    """

    settings: RunSettings
    folder: StagingFolder
    cache: EnvironmentCache
    store: ResultStore
    digests: Mapping[str, str]
    reuse: bool
    keep_observations: bool


_Sender = tuple[str, str, str, str, str]
# A piece of work: the environment that writes, and cells that share a producer.
_Group = tuple[str, "tuple[Cell, ...]"]


class MatrixRunner:
    """Yields each environment as it becomes known and each result as it comes, in no particular order.

    An environment that cannot be had is an Environment too, with a reason. Ends early once ``stop`` is set.
    """

    def __init__(
        self, wanted: Sequence[EnvironmentPlan], scenarios: Sequence[Scenario], options: Options, stop: threading.Event
    ) -> None:
        self._wanted = {one.spec.id: one for one in wanted}
        self._scenarios = {one.id: one for one in scenarios}
        self._options = options
        # Set with ``stop``, and when an error has ended the run: nobody is to go on then.
        self._over = LinkedEvent(stop)
        self._built: dict[str, BuiltEnvironment] = {}
        self._introduced: set[str] = set()
        self._failed: set[str] = set()
        self._sent: dict[_Sender, Produced] = {}
        self._workers: set[Worker] = set()

    def __enter__(self) -> Self:
        """Nothing starts before ``run`` or ``cross``."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End what is still under way, which is nothing unless an error cut it short."""
        self._over.set()
        for worker in list(self._workers):
            worker.end()

    def run(self) -> Iterator[Event]:
        """Each environment writes and reads its own payloads; the first cells run while others are being built."""
        schedule: Schedule[_Group] = Schedule(self._over)
        yield from gather([self._prepare(schedule), *self._tasks(schedule, self._check)])

    def cross(self) -> Iterator[Event]:
        """Each environment writes, and each one reads what all of them wrote: produced once, received everywhere."""
        yield from self._build(lambda _: iter(()))
        missing = {}
        for pair, cells in self._pairs().items():
            missing[pair] = yield from self._recall(pair, pair.receiver, cells)
        try:
            yield from self._write_all(missing)
            yield from self._read_all(missing)
        finally:
            for sent in self._sent.values():
                if not isinstance(sent, Exception):
                    sent.discard()

    def _pairs(self) -> dict[Pair, tuple[Cell, ...]]:
        """Return the cells of each pair of environments: those that both want."""
        found = {}
        for writer in self._built:
            wanted = set(self._wanted[writer].cells)
            for reader in self._built:
                found[Pair(writer, reader)] = tuple(cell for cell in self._wanted[reader].cells if cell in wanted)
        return found

    def _write_all(self, missing: Mapping[Pair, Sequence[Cell]]) -> Iterator[Event]:
        schedule: Schedule[_Group] = Schedule(self._over)
        for writer in self._built:
            # What is to be read here is written here too: that tells whether this environment knows such a value.
            pairs = [pair for pair in missing if writer in (pair.producer, pair.receiver)]
            cells = dict.fromkeys(cell for pair in pairs for cell in missing[pair])
            schedule.add(writer, [(writer, tuple(group)) for group in groups_of(list(cells))])
        schedule.complete()
        yield from gather(self._tasks(schedule, self._produce))

    def _read_all(self, missing: Mapping[Pair, Sequence[Cell]]) -> Iterator[Event]:
        schedule: Schedule[_Group] = Schedule(self._over)
        for reader in self._built:
            if reader not in self._failed:
                work = [
                    (pair.producer, tuple(group))
                    for pair in missing
                    if pair.receiver == reader and pair.producer not in self._failed
                    for group in groups_of(missing[pair])
                ]
                schedule.add(reader, work)
        schedule.complete()
        yield from gather(self._tasks(schedule, self._receive))

    # Building and recalling

    def _build(self, begin: Callable[[str], Iterator[Event]]) -> Iterator[Event]:
        """Build what is wanted and ``begin`` with each environment that can be had."""
        specs = [one.spec for one in self._wanted.values()]
        with contextlib.suppress(InterruptedEarlyError):  # what was found before is still to be told
            for spec, built in build_all(specs, self._options.cache, self._options.settings.jobs, self._over):
                if isinstance(built, EnvironmentUnavailableError):
                    yield self._unavailable(spec, built.reason)
                    continue
                self._built[spec.id] = built
                for text in built.notes:
                    yield Note(spec.id, text)
                yield from begin(spec.id)

    def _prepare(self, schedule: Schedule[_Group]) -> Iterator[Event]:
        """Hand each environment to the workers as soon as it is built; what earlier runs found needs no worker."""

        def begin(name: str) -> Iterator[Event]:
            left = yield from self._recall(Pair(name, name), None, self._wanted[name].cells)
            schedule.add(name, [(name, tuple(group)) for group in groups_of(left)])

        try:
            yield from self._build(begin)
        finally:
            schedule.complete()

    def _recall(self, pair: Pair, reader: str | None, cells: Sequence[Cell]) -> Generator[Event, None, list[Cell]]:
        """Yield what an earlier run found for a pair, and return the cells that are left to run.

        ``reader`` is what the results say of the environment that reads.
        """
        store, digests = self._options.store, self._digests(pair)
        if not self._options.reuse or not all(digests):
            return list(cells)
        for name, digest in zip((pair.producer, pair.receiver), digests, strict=True):
            environment = None if name in self._introduced else store.environment(digest)
            if environment is not None:
                self._introduced.add(name)
                yield environment
        if not self._introduced.issuperset((pair.producer, pair.receiver)):
            return list(cells)
        # Whether a target's own modules have changed is known only when they have run.
        lasting = [cell for cell in cells if cell.scenario in self._options.digests]
        found = store.results(digests, self._options.digests, lasting, (pair.producer, reader))
        yield from map(Reused, found)
        known = {result.cell for result in found}
        return [cell for cell in cells if cell not in known]

    def _digests(self, pair: Pair) -> tuple[str, str]:
        return self._built[pair.producer].digest, self._built[pair.receiver].digest

    # Working

    def _tasks(
        self, schedule: Schedule[_Group], task: Callable[[Worker, str, _Group], Iterator[Event]]
    ) -> list[Iterator[Event]]:
        def work() -> Iterator[Event]:
            while (queue := schedule.next_queue()) is not None:
                yield from self._attend(queue, task)

        return [work() for _ in range(self._options.settings.jobs)]

    def _attend(
        self, queue: WorkQueue[_Group], task: Callable[[Worker, str, _Group], Iterator[Event]]
    ) -> Iterator[Event]:
        """Do the work of one environment, which is rebuilt once if it turns out not to be what it should be."""
        spec = self._wanted[queue.key].spec
        try:
            flaw = yield from self._work_at(queue, task)
            if flaw is not None:
                yield Note(queue.key, f"Built anew, since it was damaged: {flaw}")
                self._built[queue.key] = self._options.cache.rebuild(spec)
                flaw = yield from self._work_at(queue, task)
        except EnvironmentUnavailableError as error:
            flaw = error.reason
        except InterruptedEarlyError:
            return
        if flaw is not None:
            queue.work.clear()
            yield self._unavailable(spec, flaw)

    def _work_at(
        self, queue: WorkQueue[_Group], task: Callable[[Worker, str, _Group], Iterator[Event]]
    ) -> Generator[Event, None, str | None]:
        """Return what is wrong with an environment that cannot be opened.

        Raises EnvironmentUnavailableError if its server is lost for good, or lacks something.
        """
        name, options = queue.key, self._options
        has_started = False
        try:
            with (
                using(self._built[name]),
                Worker(self._built[name].python, options.settings, options.folder, self._over) as worker,
            ):
                self._workers.add(worker)
                yield from self._introduce(name, worker.environment())
                has_started = queue.is_open = True
                while not self._over.is_set() and (group := queue.take()) is not None:
                    yield from task(worker, name, group)
        except EnvironmentUnusableError as error:
            # Servers that were told to end look like servers that cannot start. And where somebody else has opened the
            # environment, it is not damaged: whoever came to help goes away again.
            if self._over.is_set() or (queue.is_open and not has_started):
                return None
            why = error.message.replace(str(self._built[name].python), "its interpreter")
            if has_started:
                raise EnvironmentUnavailableError(why) from error
            return why
        return None

    def _introduce(self, name: str, environment: Environment) -> Iterator[Event]:
        """Compare what an environment says of itself with what was wanted.

        Raises EnvironmentUnusableError if it is another one, EnvironmentUnavailableError if a serializer is missing.
        """
        if environment.cloudpickle is None:
            msg = f"cloudpickle {self._wanted[name].spec.cloudpickle} cannot be imported there"
            raise EnvironmentUnavailableError(msg)
        if environment.id != name:
            msg = f"{environment.id} was found where {name} was built."
            raise EnvironmentUnusableError(msg)
        missing = {cell.serializer.name for cell in self._wanted[name].cells}.difference(environment.serializers)
        if missing:
            msg = f"{', '.join(sorted(missing))} cannot be imported there"
            raise EnvironmentUnavailableError(msg)
        if name not in self._introduced:
            self._introduced.add(name)
            if self._built[name].digest:
                self._options.store.keep_environment(self._built[name].digest, environment)
            yield environment

    def _unavailable(self, spec: EnvironmentSpec, reason: str) -> Environment:
        self._failed.add(spec.id)
        return Environment(
            id=spec.id,
            python=spec.python_version,
            pydantic=spec.pydantic,
            cloudpickle=spec.cloudpickle,
            platform=None,
            status="unavailable",
            reason=reason,
        )

    def _check(self, worker: Worker, name: str, group: _Group) -> Iterator[Event]:
        scenario = self._scenarios[group[1][0].scenario]
        for result in worker.check(scenario, group[1], name):
            yield self._kept(result, Pair(name, name))

    def _produce(self, worker: Worker, _: str, group: _Group) -> Iterator[Event]:
        self._sent[_producer_of(group)] = worker.produce(self._scenarios[group[1][0].scenario], group[1][0])
        return iter(())

    def _receive(self, worker: Worker, name: str, group: _Group) -> Iterator[Event]:
        sent, own = self._sent.get(_producer_of(group)), self._sent.get(_producer_of((name, group[1])))
        if sent is None or own is None:
            return  # one of the environments failed halfway, which is said of it
        scenario = self._scenarios[group[1][0].scenario]
        for result in worker.receive(scenario, group[1], sent, own, (group[0], name)):
            yield self._kept(result, Pair(group[0], name))

    def _kept(self, result: Result, pair: Pair) -> Result:
        digests = self._digests(pair)
        scenario = self._options.digests.get(result.cell.scenario)
        if all(digests) and scenario is not None:
            self._options.store.keep(digests, scenario, result)
        return result if self._options.keep_observations else replace(result, observation=None)


def _producer_of(group: _Group) -> _Sender:
    """Return what tells one producer from another: the environment that writes, and the cell but for its receiver."""
    cell = group[1][0]
    return group[0], cell.scenario, str(cell.serializer), cell.site, cell.fix
