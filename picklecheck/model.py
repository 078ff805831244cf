"""The types that flow through a run, from the plan to the report. Plain frozen data; no behaviour but names."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA_VERSION = 1

SERIALIZERS = ("pickle", "cloudpickle", "dill")
# Where the catalogue's expressions are evaluated. A target's own code evaluates what it needs, wherever it does: that
# is the one site of its cells.
SITES = ("main", "function", "elsewhere", "annotation", "origin")
OWN_SITE = "own"
ALL_SITES = (*SITES, OWN_SITE)
RECEIVERS = (
    "cold",
    "warm",
    "warm-function",
    "warm-same",
    "warm-other",
    "warm-built",
    "bare",
    "bare-module",
    "mp-main",
    "relay",
)
FIXES = ("none", "instance", "class")
# The code of a target that sends nothing: whatever else is well, this was not checked.
NOTHING_SENT = "PC802"


class Outcome(str, Enum):
    """What became of a cell. There is no truth value in an outcome: compare it."""

    PASS = "pass"  # noqa: S105 - no password
    DUMP_ERROR = "dump-error"
    LOAD_ERROR = "load-error"
    WRONG_TYPE = "wrong-type"
    WRONG_VALUE = "wrong-value"
    CRASH = "crash"
    TIMEOUT = "timeout"
    UNSUPPORTED = "unsupported"
    UNDECIDED = "undecided"

    @property
    def is_failure(self) -> bool:
        """Did the value not arrive as it was sent? Neither of ``unsupported`` and ``undecided`` says so."""
        return self not in (Outcome.PASS, Outcome.UNSUPPORTED, Outcome.UNDECIDED)

    @property
    def is_judged(self) -> bool:
        """Is it known whether the value arrived?"""
        return self is Outcome.PASS or self.is_failure


@dataclass(frozen=True)
class Serializer:
    """A serializer and its protocol; ``protocol`` None is the serializer's own choice, the highest for pickle."""

    name: str
    protocol: int | None = None

    def __str__(self) -> str:
        return self.name if self.protocol is None else f"{self.name}:{self.protocol}"


@dataclass(frozen=True)
class Scenario:
    """What is known of a scenario without importing it.

    ``id`` is ``family.name`` in the catalogue. For a target, a value of the user's own, it is ``module:name``, or
    ``path.py:name`` where a script makes it; then ``module`` is the absolute path of that file.

    ``expressions`` are evaluated in the namespace of ``module``; ``before`` are statements that the producer executes
    in front of them, ``warm`` and ``warm_before`` are a warm receiver's. ``beyond`` names the fixes out of reach.
    """

    id: str
    defined_in: str
    name: str
    summary: str
    expressions: tuple[str, ...]
    module: str
    before: str
    warm: tuple[str, ...]
    warm_before: str
    beyond: tuple[str, ...]

    @property
    def family(self) -> str:
        """The part of the id before the dot; a target's module."""
        return self.defined_in if self.is_target else self.id.partition(".")[0]

    @property
    def is_target(self) -> bool:
        """Is it a value of the user's own?"""
        return is_target(self.id)

    @property
    def is_script(self) -> bool:
        """Is it a value that a script of the user's makes?"""
        return is_script(self.id)


# An object that is at hand, in a test: it comes from nowhere, so nothing can be imported to make it again.
OBJECT = Scenario("test:object", "", "object", "", (), "", "", (), "", ())


def is_target(scenario: str) -> bool:
    """Is this the id of a target, ``module:name`` or ``path.py:name``?"""
    return ":" in scenario


def is_script(scenario: str) -> bool:
    """Is this the id of a target that a script makes, ``path.py:name``?"""
    return scenario.rpartition(":")[0].endswith(".py")


def scenario_of(cell: str) -> str:
    """Return the id of the scenario in the id of a cell; a script's path may hold slashes, too."""
    path, end, rest = cell.rpartition(".py:")
    return path + end + rest.partition("/")[0]


@dataclass(frozen=True)
class Cell:
    """One combination of all axes but the environment. Its ``id`` is accepted back on the command line."""

    scenario: str
    serializer: Serializer
    site: str
    receiver: str
    fix: str

    @property
    def id(self) -> str:
        """``scenario/serializer/site/receiver/fix``."""
        return f"{self.scenario}/{self.serializer}/{self.site}/{self.receiver}/{self.fix}"


@dataclass(frozen=True)
class Child:
    """What one child process said on its channel (``facts``) and how it ended, as the probe's server saw it."""

    facts: Mapping[str, Any]
    exit_status: int | None
    signal: str | None
    timed_out: bool
    stdout: str
    stderr: str
    duration_s: float
    cpu_s: float

    @property
    def stage(self) -> str:
        """What the child was doing when it last said so; ``done`` at the end."""
        return str(self.facts.get("stage", "start"))


@dataclass(frozen=True)
class Payload:
    """What a pickle says without being run: the globals it names, as ``module name``, and its protocol."""

    protocol: int | None
    globals: tuple[str, ...]
    error: str | None = None


@dataclass(frozen=True)
class Observation:
    """What the processes of a cell saw; a process that was never started is None.

    ``payload`` is the producer's, ``relayed`` the one that a relay made of it.
    """

    producer: Child
    payload: Payload | None = None
    relay: Child | None = None
    receiver: Child | None = None
    relayed: Payload | None = None


@dataclass(frozen=True)
class Verdict:
    """Outcome, named cause (None where it passes) and one sentence about this very cell."""

    outcome: Outcome
    code: str | None
    reason: str


@dataclass(frozen=True)
class Result:
    """A judged cell. ``expected``: as promised, a broken promise, or None where nothing is promised.

    ``protocol`` is that of the payload, where there is one and it says so. ``registered_in_producer`` and
    ``registered_in_receiver`` name the modules in which one of the specializations stood when the value was built, and
    before it was loaded; None where no process said so. ``receiver_environment`` is None where the value was received
    in the environment that dumped it. ``observation`` is None where it was not kept, or there was none.

    ``exception`` is the class of the error that decided it. ``location`` (``path:line``) and ``source`` (a hash of the
    user's modules that took part) are known of targets alone; ``script`` is the target that asks for the same where the
    module is started as a script, if it may be.
    """

    cell: Cell
    environment: str
    engine: str
    isolation: str
    verdict: Verdict
    expected: bool | None
    duration_s: float
    observation: Observation | None
    protocol: int | None = None
    registered_in_producer: tuple[str, ...] | None = None
    registered_in_receiver: tuple[str, ...] | None = None
    receiver_environment: str | None = None
    exception: str | None = None
    location: str | None = None
    source: str | None = None
    script: str | None = None


@dataclass(frozen=True)
class Trial:
    """What came of trying one cure on cells of one scenario that failed for one cause: ``arrived`` of ``tried``.

    ``cure`` is ``class`` (the fix) or ``origin`` (the specialization evaluated in the module of its origin).
    ``example`` is the id of a cell that failed and was tried again with the cure.
    """

    code: str
    cure: str
    tried: int
    arrived: int
    example: str
    environment: str

    @property
    def scenario(self) -> str:
        """The scenario of the cells."""
        return scenario_of(self.example)


@dataclass(frozen=True)
class Environment:
    """An environment under test; the versions are read back from it. ``reason`` says why it is unavailable.

    ``serializers`` are those that can be imported there; ``packages`` maps each installed package to its version.
    """

    id: str
    python: str | None
    pydantic: str | None
    cloudpickle: str | None
    platform: str | None
    status: str
    reason: str | None = None
    serializers: tuple[str, ...] = ()
    packages: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_available(self) -> bool:
        """Could cells be run there?"""
        return self.status == "ok"


@dataclass(frozen=True)
class EnvironmentSpec:
    """An environment that is wanted: an interpreter (absolute path) and what is to be installed for it.

    ``pydantic`` and ``cloudpickle`` are exact versions; ``requirements``, ``editables`` (absolute paths of projects)
    and ``requirement_files`` (absolute paths) are what the user's own models need.
    """

    python: str
    python_version: str
    pydantic: str
    cloudpickle: str
    requirements: tuple[str, ...] = ()
    editables: tuple[str, ...] = ()
    requirement_files: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The id of the environment that is built from this, as it says of itself."""
        return environment_id(self.python_version, self.pydantic, self.cloudpickle)


def environment_id(python: str, pydantic: str, cloudpickle: str | None) -> str:
    """Return ``py3.11.7-pydantic2.14.3-cloudpickle3.1.2``."""
    return f"py{python}-pydantic{pydantic}" + (f"-cloudpickle{cloudpickle}" if cloudpickle else "")


@dataclass(frozen=True)
class Shard:
    """The part of a plan that was run: ``index`` (from 1) of ``of``. ``plan`` is a hash of the whole plan."""

    index: int
    of: int
    plan: str = ""

    def __str__(self) -> str:
        return f"{self.index}/{self.of}"


@dataclass(frozen=True)
class Report:
    """All that one command found. ``planned`` counts the cells that were asked for, ``results`` those that were had.

    ``sources`` maps scenarios to the hash of their source, as far as that is known. ``shard`` is None for a whole plan.
    ``configured`` are the targets that the configuration names; None if the run was of others. ``scripts`` maps targets
    whose modules may be started as scripts, too, to the targets that ask for that. ``trials`` tell which cures were
    tried.
    """

    command: tuple[str, ...]
    tool_version: str
    started_at: str
    duration_s: float
    environments: tuple[Environment, ...]
    scenarios: tuple[Scenario, ...]
    planned: int
    results: tuple[Result, ...]
    interrupted: bool
    sources: Mapping[str, str] = field(default_factory=dict)
    shard: Shard | None = None
    configured: tuple[str, ...] | None = None
    scripts: Mapping[str, str] = field(default_factory=dict)
    trials: tuple[Trial, ...] = ()
