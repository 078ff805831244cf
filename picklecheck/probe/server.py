"""The server: one process an environment and worker; starts a child for each request, one after the other.

With ``fork`` it loads Pydantic and the serializers once, and each child begins where it stands: with Pydantic
imported and having seen no scenario and no module of the user's. With ``spawn`` each child is a new interpreter.

Requests and answers are JSON objects, one a line, on two descriptors of their own.
"""

import fcntl
import gc
import importlib.util
import json
import os
import platform
import signal
import sys
import warnings

from .channel import describe_exception
from .children import Children, Stopped
from .role import ASLEEP
from .serializers import MODULES
from .watchdog import Watchdog


def main():
    """Serve until the requests end (the harness closed them, or died) or SIGTERM comes."""
    requests, answers, isolation = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    # What is imported from now on is the environment's, whatever it is called; nothing that lies beside this program.
    del sys.path[0]
    requests, answers = _moved_down(requests), _moved_down(answers)
    watchdog = Watchdog()
    children = Children(isolation, requests, watchdog)

    def end(number, frame):
        children.kill(signal.SIGKILL)
        watchdog.dismiss()
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is the harness's to handle
    _answer(answers, _hello(isolation))
    try:
        for request in _lines(requests):
            found = children.run(request["main"], request["job"], request["timeout"], request["own_timeout"])
            # By its number an answer is known to be that of its request, and not of one that nobody waited for.
            _answer(answers, dict(found, number=request["number"]))
    except (Stopped, BrokenPipeError):
        pass
    watchdog.dismiss()
    os._exit(0)


def _moved_down(descriptor):
    """Give a descriptor a low number, which children close: whoever started us may have a thousand open ones."""
    low = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 4)
    os.close(descriptor)
    return low


def _hello(isolation):
    """Say what this environment is, versions read back from the imported modules."""
    hello = {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "platform": platform.platform(),
        "executable": sys.executable,
        "prefix": sys.prefix,
    }
    for name in ("pydantic", "cloudpickle"):
        try:
            module = importlib.import_module(name)
        except Exception as error:
            hello[name] = None
            if name == "pydantic" and getattr(error, "name", None) != name:  # it is there, and cannot be imported
                hello["error"] = describe_exception(error, os.getcwd())
        else:
            hello[name] = str(getattr(module, "__version__", None) or module.VERSION)
    hello["serializers"] = [
        name for name, module in MODULES.items() if hello.get(name, "") is not None and importlib.util.find_spec(module)
    ]
    if isolation == "fork" and (hello["pydantic"] or "").startswith("2."):
        _warm_up()
    hello["packages"] = _packages()
    return hello


def _warm_up():
    """Import what every child imports, and make Pydantic do what it does lazily, on a model that nobody can meet."""
    from typing import Any, Generic, List, TypeVar

    import pydantic

    for role in ("produce", "receive"):
        importlib.import_module("." + role, __package__)
    _load_the_fix()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in pydantic.__all__:
            try:
                getattr(pydantic, name)  # Pydantic puts off importing what a name stands for
            except Exception:  # a name that this environment cannot have; whoever needs it will tell
                pass

    parameter = TypeVar("parameter")

    class WarmUp(pydantic.BaseModel, Generic[parameter]):
        value: parameter
        other: List[Any] = []

    WarmUp[int].model_validate({"value": 1}).model_dump_json()
    gc.collect()
    gc.freeze()  # what is here now is never collected, so that children share its pages


def _load_the_fix():
    path = os.path.join(os.path.dirname(os.path.abspath(sys.argv[0])), "fix")
    sys.path.insert(0, path)
    importlib.import_module("picklecheck.reducers")
    sys.path.remove(path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "picklecheck"]:
        ASLEEP[name] = sys.modules.pop(name)


def _packages():
    """Return name and version of each installed package, as the names of the metadata folders tell them."""
    found = {}
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            if name.endswith(".dist-info"):
                package, _, version = name[: -len(".dist-info")].rpartition("-")
                found.setdefault(package, version)
    return dict(sorted(found.items(), key=lambda item: item[0].lower()))


def _lines(descriptor):
    buffered = b""
    while True:
        data = os.read(descriptor, 65536)
        if not data:
            return
        buffered += data
        while b"\n" in buffered:
            line, _, buffered = buffered.partition(b"\n")
            yield json.loads(line)


def _answer(descriptor, message):
    data = json.dumps(message).encode("ascii") + b"\n"
    while data:
        data = data[os.write(descriptor, data) :]
