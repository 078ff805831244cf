"""Dumps or loads generated examples, each in a process of its own: ``python property_server.py produce|receive``.

A request or answer is a frame: the lengths of a JSON header and of a payload, then both. For each request on stdin a
child is forked from this process, which has Pydantic loaded but evaluates nothing (the receiving one does not even
import the models); one answer goes to stdout. A child that dies is an answer, too. The server ends when its stdin does.

``produce``: ``level``, ``serializer``, ``cls`` and ``value`` (source text; in ``value`` the class is called ``C``). The
answer is a payload, or why there is none: ``rejected`` (Pydantic or Python refuses the text), ``failed`` (the dump).
``receive``: the same with that payload, in a process that cannot import picklecheck; see :func:`receive`.

Runs on Python 3.8 and Pydantic 2.0.
"""

# ruff: noqa: BLE001, PLC0415
# (each failure is an answer, and a child imports what its role needs)

# mypy: disable-error-code="import-untyped"
# (cloudpickle has no types)

import _compat_pickle  # what Python 2 called the modules: protocol 2 still does
import io
import json
import os
import pickle
import select
import signal
import struct
import sys
import traceback
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

Header = Dict[str, Any]

PATIENCE = 60.0  # seconds for one example
LENGTHS = struct.Struct(">II")
MODELS = "property_models"
# Python 3.10 and later know them all.
STANDARD = getattr(
    sys, "stdlib_module_names", {"_operator", "builtins", "collections", "copyreg", "importlib", "typing"}
)


def read_exactly(descriptor: int, size: int) -> bytes:
    """Return that many bytes; none if the stream ends before the first."""
    parts: List[bytes] = []
    while size:
        part = os.read(descriptor, size)
        if not part:
            if parts:
                message = "the stream ended within a frame"
                raise EOFError(message)
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def read_frame(descriptor: int) -> Optional[Tuple[Header, bytes]]:
    """Return the next frame, or None at the end of the stream."""
    start = read_exactly(descriptor, LENGTHS.size)
    if not start:
        return None
    header, payload = (read_exactly(descriptor, size) for size in LENGTHS.unpack(start))
    return json.loads(header), payload


def write_frame(descriptor: int, header: Header, payload: bytes = b"") -> None:
    """Write one frame."""
    text = json.dumps(header).encode()
    left = memoryview(LENGTHS.pack(len(text), len(payload)) + text + payload)
    while left:
        left = left[os.write(descriptor, left) :]


def evaluate(request: Header) -> Tuple[Any, Any]:
    """Return the class and the value, as if evaluated in a function: Pydantic registers nothing anywhere."""
    import property_models

    names = {**vars(property_models)}
    cls = eval(request["cls"], names, {})
    names["C"] = cls
    return cls, eval(request["value"], names, {})


def subject_of(level: str, cls: Any, value: Any) -> Any:
    """Return what is sent: level "instance" does not cover a class that is a value."""
    return [value] if level == "instance" else [cls, value]


def dumps(serializer: str, value: Any) -> bytes:
    """Dump with ``cloudpickle``, or ``pickle`` (C) or ``python`` (its twin) and a protocol."""
    if serializer == "cloudpickle":
        import cloudpickle

        return bytes(cloudpickle.dumps(value))
    pickler: Any = pickle._dumps if serializer.startswith("python") else pickle.dumps  # type: ignore[attr-defined]
    return bytes(pickler(value, int(serializer[-1])))


def produce(request: Header, _payload: bytes) -> Tuple[Header, bytes]:
    """Evaluate and dump."""
    from picklecheck import reducers

    if request["level"] != "none":
        reducers.install(request["level"])
    from property_difference import spelling

    try:
        cls, value = evaluate(request)
    except Exception as error:
        return {"rejected": repr(error)}, b""
    try:
        payload = dumps(request["serializer"], subject_of(request["level"], cls, value))
    except Exception as error:
        return {"failed": repr(error)}, b""
    return {"spelling": spelling(cls)}, payload


def loads(serializer: str, payload: bytes, modules: List[str]) -> Any:
    """Load as any receiver does (cloudpickle's ``loads`` is pickle's), and note the modules that the payload names."""
    base: Any = pickle._Unpickler if serializer.startswith("python") else pickle.Unpickler

    class Unpickler(base):  # type: ignore[misc]
        def find_class(self, module: str, name: str) -> Any:
            modules.append(_compat_pickle.IMPORT_MAPPING.get(module, module))
            return super().find_class(module, name)

    return Unpickler(io.BytesIO(payload)).load()


def is_allowed(module: str, serializer: str) -> bool:
    """Tell whether a payload may name a module: the standard library's and the user's.

    And cloudpickle's, in its own payloads: TypeVars and the type of ``list[int]`` go by functions of cloudpickle.
    """
    package = module.partition(".")[0]
    return package in STANDARD or package == MODELS or package == serializer == "cloudpickle"


def receive(request: Header, payload: bytes) -> Tuple[Header, bytes]:
    """Load, evaluate the same text afterwards, and say what is ``wrong``.

    With two witnesses: the specializations that ``existed`` before, and whether ``picklecheck`` was to be seen.
    """
    from property_difference import differences, specializations, spelling

    existed = specializations()
    modules: List[str] = []
    try:
        loaded = loads(request["serializer"], payload, modules)
    except Exception as error:
        wrong = [f"load: {error!r}"]
    else:
        cls, value = evaluate(request)
        wrong = differences(loaded, subject_of(request["level"], cls, value))
        if spelling(cls) != request["spelling"]:
            wrong.append(f"the class is {spelling(cls)} here, and was {request['spelling']}")
    wrong += [
        f"the payload names {name}" for name in sorted(set(modules)) if not is_allowed(name, request["serializer"])
    ]
    is_seen = b"picklecheck" in payload or any(name.startswith("picklecheck.") for name in sys.modules)
    return {"wrong": wrong, "existed": existed, "picklecheck": is_seen}, b""


class Child(NamedTuple):
    """A process that waits for its one request."""

    pid: int
    requests: int
    answers: int


def fork(role: Any, *strange: int) -> Child:
    """Start a child, which closes the ``strange`` descriptors, imports the models and waits."""
    request_end, requests = os.pipe()
    answers, answer_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            for descriptor in (requests, answers, *strange):
                os.close(descriptor)
            serve_one(role, request_end, answer_end)
            status = 0
        finally:
            os._exit(status)
    os.close(request_end)
    os.close(answer_end)
    return Child(pid, requests, answers)


def serve_one(role: Any, requests: int, answers: int) -> None:
    """Be the child."""
    __import__(MODELS)
    frame = read_frame(requests)
    if frame is None:  # the server has ended
        return
    try:
        answer, payload = role(*frame)
    except BaseException:
        answer, payload = {"died": traceback.format_exc()}, b""
    write_frame(answers, answer, payload)


def answer_of(child: Child) -> Tuple[Header, bytes]:
    """Wait for a child's answer and for its end; what it died of is an answer."""
    died = "without an answer"
    frame = None
    if select.select([child.answers], [], [], PATIENCE)[0]:
        try:
            frame = read_frame(child.answers)
        except EOFError as error:
            died = str(error)
    else:
        died = f"after more than {PATIENCE} seconds"
        os.kill(child.pid, signal.SIGKILL)
    os.close(child.answers)
    status = os.waitpid(child.pid, 0)[1]
    return frame or ({"died": f"{died} (wait status {status})"}, b"")


def serve(role: Any, inward: int, outward: int) -> None:
    """Answer requests; the next child is forked beforehand, and imports the models meanwhile."""
    waiting = fork(role, inward, outward)
    while True:
        frame = read_frame(inward)
        if frame is None:
            break
        child = waiting
        try:
            write_frame(child.requests, *frame)
        except BrokenPipeError:  # it is dead, as its answer will tell
            pass
        finally:
            os.close(child.requests)
        waiting = fork(role, inward, outward, child.answers)
        write_frame(outward, *answer_of(child))
    os.close(waiting.requests)
    os.close(waiting.answers)
    os.waitpid(waiting.pid, 0)


def main() -> None:
    """Load what all children share, and keep stdin and stdout from them."""
    inward, outward = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.close(nowhere)
    os.dup2(2, 1)
    roles = {"produce": produce, "receive": receive}
    role = roles[sys.argv[1]]
    if role is produce:
        import cloudpickle  # noqa: F401

        import picklecheck.reducers  # noqa: F401

        __import__(MODELS)
    else:
        sys.modules["picklecheck"] = None  # type: ignore[assignment]
    import property_difference  # noqa: F401
    from pydantic import BaseModel, RootModel  # noqa: F401

    class First(BaseModel):  # which makes Pydantic import what all others need
        value: int = 0

    First()
    serve(role, inward, outward)


if __name__ == "__main__":
    main()
