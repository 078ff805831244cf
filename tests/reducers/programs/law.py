"""Is anything worse with the fix than without it? ``python law.py``, with a JSON request on stdin, in the folder for its files.

The request: ``levels``, ``places``, and ``arguments`` (name, text, before), each with an origin of its own. For each place
and level a producer evaluates them all and dumps an instance of each, and the class itself, with pickle and cloudpickle;
receivers in each state load what it left. Each is a process of its own, forked from this one, which has Pydantic
loaded and evaluates nothing. The answer, on stdout: the outcome of each cell, by argument, place, subject, serializer,
receiver and level: ``error`` (it was not dumped, or not loaded), ``another class``, ``pass``.

Runs on Python 3.8 and Pydantic 2.0.
"""

# ruff: noqa: BLE001, PLC0415, PTH123, S102
# (each failure is an answer; a child imports what its role needs, and runs its program as a program)

# mypy: disable-error-code="import-untyped"
# (cloudpickle has no types)

import json
import os
import pickle
import sys
import types
import warnings
from typing import Any, Callable, Dict, List

from law_arguments import PREAMBLE

Texts = List[List[str]]  # name, text, before

SERIALIZERS = ("pickle", "cloudpickle")
SUBJECTS = ("instance", "class")
RECEIVERS = ("bare", "cold", "warm", "warm-function", "bare-module", "relay")

# Where the specialization is evaluated: module, and whether what stands before it stands there or with the origins.
PLACES = {
    "own": ("own", "own"),
    "function": ("own", "own"),
    "body": ("own", "own"),
    "other": ("other", "own"),
    "other, before there": ("other", "other"),
    "main": ("__main__", "own"),
    "main, before there": ("__main__", "__main__"),
}

_EVALUATION = {
    "function": "def make{n}():\n    return Page{n}[{text}]\n",
    "body": "try:\n    class Holder{n}(BaseModel):\n        field: Page{n}[{text}]\nexcept Exception:\n    Holder{n} = None\n",
}
_AT_MODULE_SCOPE = "try:\n    ALIAS{n} = Page{n}[{text}]\nexcept Exception:\n    ALIAS{n} = None\n"
_LOADING = """
for key in law.waiting(folder):
    try:
        with open(key, "rb") as file:
            data = file.read()
        LOADED[key] = pickle.loads(data)
    except Exception as error:
        FAILED[key] = repr(error)
"""


def sources(place: str, arguments: Texts) -> Dict[str, str]:
    """Return the text of each module, ``__main__`` included."""
    where, before_where = PLACES[place]
    texts = {"own": PREAMBLE, "other": "from own import *\n", "__main__": "from own import *\n"}
    for n, (_, text, before) in enumerate(arguments):
        statements = before.replace("{n}", str(n))
        texts[before_where] += "try:\n    %s\nexcept Exception:\n    pass\n" % (statements or "pass")
        texts["own"] += "class Page%d(BaseModel, Generic[T]):\n    value: Any = None\n" % n
    texts["other"] += "from own import *\n"
    for n, (_, text, _) in enumerate(arguments):
        evaluation = _EVALUATION.get(place, _AT_MODULE_SCOPE)
        texts[where] += evaluation.replace("{n}", str(n)).replace("{text}", text.replace("{n}", str(n)))
    return texts


def evaluated(place: str, number: int, main: Dict[str, Any]) -> Any:
    """Return the specialization as this process has it, evaluated where the place says; None if it is refused."""
    where = PLACES[place][0]
    namespace = main if where == "__main__" else vars(__import__(where))
    if place == "function":
        try:
            return namespace["make%d" % number]()
        except Exception:
            return None
    if place == "body":
        holder = namespace["Holder%d" % number]
        return holder and holder.model_fields["field"].annotation
    return namespace["ALIAS%d" % number]


def run_as_main(text: str, name: str) -> Dict[str, Any]:
    """Be the interpreter that runs a program: its module scope is that of ``__main__``."""
    module = types.ModuleType("__main__")
    module.__file__ = name
    sys.modules["__main__"] = module
    exec(compile(text, name, "exec"), module.__dict__)
    return module.__dict__


def in_a_child(work: Callable[[], Any]) -> Any:
    """Return what ``work`` returns in a process of its own; None if that dies."""
    inward, outward = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.close(inward)
            warnings.simplefilter("ignore")
            with os.fdopen(outward, "w") as file:
                json.dump(work(), file)
            status = 0
        finally:
            if status:
                sys.excepthook(*sys.exc_info())
            os._exit(status)
    os.close(outward)
    with os.fdopen(inward) as file:
        answer = file.read()
    return json.loads(answer) if os.waitpid(pid, 0)[1] == 0 else None


def dumps(serializer: str, value: Any) -> bytes:
    """Dump."""
    if serializer == "pickle":
        return pickle.dumps(value, 4)
    import cloudpickle

    return bytes(cloudpickle.dumps(value))


def produce(folder: str, place: str, level: str, count: int, texts: Dict[str, str]) -> Dict[str, str]:
    """Evaluate and dump; return how each dump ended."""
    if level != "none":
        from picklecheck import reducers

        reducers.install(level)
    sys.path.insert(0, folder)
    main = run_as_main(texts["__main__"], "produce.py")
    ends = {}
    for n in range(count):
        cls = evaluated(place, n, main)
        if not isinstance(cls, type) or not hasattr(cls, "model_construct"):
            continue  # refused by this Pydantic, or the origin itself
        for subject in SUBJECTS:
            value = cls if subject == "class" else cls.model_construct()
            for serializer in SERIALIZERS:
                key = "%d.%s.%s" % (n, subject, serializer)
                try:
                    payload = dumps(serializer, value)
                except Exception as error:
                    ends[key] = "dump: %r" % error
                else:
                    ends[key] = ""
                    with open(os.path.join(folder, "payloads", key), "wb") as file:
                        file.write(payload)
    return ends


def waiting(folder: str) -> List[str]:
    """Return the paths of the payloads."""
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder))]


def prepared(place: str, state: str, texts: Dict[str, str]) -> str:
    """Return the receiver's program up to its loading."""
    where = PLACES[place][0]
    if state in ("bare", "bare-module"):
        return ""
    if state in ("cold", "relay") or place == "function":
        return "import own\n"
    if state == "warm-function":
        return "def warm():\n    %s\n    return locals()\nWARM = warm()\n" % (
            texts["__main__"].replace("from own import *\n", "").replace("\n", "\n    ")
            if where == "__main__"
            else "import %s" % where
        )
    return texts["__main__"] if where == "__main__" else "import %s\n" % where


def receive(folder: str, payloads: str, place: str, state: str, texts: Dict[str, str]) -> Dict[str, str]:
    """Load what there is; return how each ended."""
    sys.path.insert(0, folder)
    loading = _LOADING
    program = "import pickle\n"
    if state == "warm-function" and PLACES[place][0] == "__main__":
        program += "from own import *\n"
    program += prepared(place, state, texts)
    if state != "bare-module":
        loading = "def load():\n    %s\nload()\n" % loading.replace("\n", "\n    ")
    main = {}  # type: Dict[str, Any]
    head = "import law\nLOADED = {}\nFAILED = {}\nfolder = %r\n" % os.path.join(folder, payloads)
    main = run_as_main(program + head + loading, "receive.py")
    ends = {}
    if state == "relay":
        for path, value in main["LOADED"].items():
            key = os.path.basename(path)
            try:
                payload = dumps(key.rpartition(".")[2], value)
            except Exception as error:
                ends[key] = "dump at the relay: %r" % error
            else:
                with open(os.path.join(folder, "relayed", key), "wb") as file:
                    file.write(payload)
    else:
        ends.update(judged(place, main, texts))
    ends.update({os.path.basename(path): "load: " + text for path, text in main["FAILED"].items()})
    return ends


def judged(place: str, main: Dict[str, Any], texts: Dict[str, str]) -> Dict[str, str]:
    """Say of each loaded value whether it is of the class that this process has."""
    names = main
    if PLACES[place][0] == "__main__" and "ALIAS0" not in main:
        names = main.get("WARM") or run_as_main(texts["__main__"], "later.py")
    ends = {}
    for path, value in main["LOADED"].items():
        key = os.path.basename(path)
        number, subject, _ = key.split(".")
        expected = evaluated(place, int(number), names)
        cls = value if subject == "class" else type(value)
        ends[key] = "pass" if cls is expected else "another class"
    return ends


def outcomes(folder: str, place: str, level: str, arguments: Texts) -> Dict[str, Dict[str, str]]:
    """Return the end of each cell of a place and a level."""
    for name in ("payloads", "relayed"):
        os.makedirs(os.path.join(folder, name))
    texts = sources(place, arguments)
    for name in ("own", "other"):
        with open(os.path.join(folder, name + ".py"), "w") as file:
            file.write(texts[name])
    ends = in_a_child(lambda: produce(folder, place, level, len(arguments), texts))
    found = {}
    for state in RECEIVERS:
        received = in_a_child(lambda state=state: receive(folder, "payloads", place, state, texts))
        if state == "relay":
            received.update(in_a_child(lambda: receive(folder, "relayed", place, "cold", texts)))
        for key, end in ends.items():
            found["%s.%s" % (key, state)] = end or received.get(key, "lost")
    return found


def main() -> None:
    """Answer the request."""
    request = json.load(sys.stdin)
    import cloudpickle  # noqa: F401
    from pydantic import BaseModel, RootModel  # noqa: F401

    class First(BaseModel):  # which makes Pydantic import what all others need
        value: int = 0

    First()
    cells = {}  # type: Dict[str, Dict[str, str]]
    for place in request["places"]:
        for level in request["levels"]:
            folder = os.path.join(os.getcwd(), "%s %s" % (place, level))
            for key, end in outcomes(folder, place, level, request["arguments"]).items():
                number, _, rest = key.partition(".")
                cells.setdefault("%s.%s.%s" % (number, place, rest), {})[level] = end
    print(json.dumps(cells))


if __name__ == "__main__":
    main()
