"""What arrives with the fix, and what without it: ``python law.py FOLDER``, with a JSON request on stdin.

The request: ``levels``, ``places``, ``serializers`` and ``arguments`` (name, text, before), each with an origin of its
own. For each place and level a producer evaluates them all and dumps an instance of each, and the class itself;
receivers in each state load what it left. Each is a process of its own, forked from this one, which has Pydantic loaded
and evaluates nothing. The answer, on stdout: how each cell ends, by argument, place, subject, serializer and receiver,
and by level: ``pass``, ``another class``, or what was raised.

Runs on Python 3.8 and Pydantic 2.0.
"""

# ruff: noqa: BLE001, PLC0415
# (each failure is an answer, and a child imports what its role needs)

# mypy: disable-error-code="import-untyped"
# (cloudpickle has no types)

import json
import os
import pickle
import sys
import types
import warnings
from pathlib import Path
from typing import Any, Callable, Dict, List

PREAMBLE = (Path(__file__).parent / "law_models.py").read_text()

Texts = Dict[str, str]
Ends = Dict[str, str]

SUBJECTS = ("instance", "class")
# Where the specialization is evaluated, where what stands before it stands, and where the classes in it are defined.
PLACES = {
    "own": ("own", "own", "own"),
    "function": ("own", "own", "own"),
    "body": ("own", "own", "own"),
    "other": ("other", "own", "own"),
    "other, before there": ("other", "other", "own"),
    "third": ("own", "third", "third"),
    "third, other": ("other", "third", "third"),
    "main": ("__main__", "own", "own"),
    "main, before there": ("__main__", "__main__", "own"),
    "main, all there": ("__main__", "__main__", "__main__"),
    "copied": ("own", "own", "own"),
}
STATES = ("bare", "cold", "warm", "warm-function", "warm-other", "bare-module", "relay")
# Where the module of the origins is registered to be pickled by value, receivers don't have it.
COPIED_STATES = ("absent", "absent-module")

_EVALUATED = {
    "function": "def make{n}():\n    return Page{n}[{text}]\n",
    "body": "class Holder{n}(BaseModel):\n    field: Page{n}[{text}]\n",
}
_AT_MODULE_SCOPE = "ALIAS{n} = Page{n}[{text}]\n"
_TRIED = "try:\n    {}\nexcept Exception:\n    {}\n"
_LOADED = """
for path in law.paths(FOLDER):
    try:
        data = path.read_bytes()
        LOADED[path] = pickle.loads(data)
    except Exception as error:
        FAILED[path] = repr(error)
"""


def sources(place: str, arguments: List[List[str]]) -> Texts:
    """Return the text of each module. ``another`` evaluates the same, in receivers alone."""
    where, before, classes = PLACES[place]
    texts = {"third": "", "own": "", "other": "from own import *\n", "another": "from own import *\n"}
    texts["__main__"] = "from own import *\n"
    texts[classes] = PREAMBLE + texts[classes]
    if classes == "third":
        texts["own"] += "from third import *\n"
    if classes == "__main__":
        texts["own"] += "from typing import Any, Generic, TypeVar\nfrom pydantic import BaseModel\nT = TypeVar('T')\n"
    for n, (_, text, statements) in enumerate(arguments):
        texts["own"] += f"class Page{n}(BaseModel, Generic[T]):\n    value: Any = None\n"
        texts[before] += _TRIED.format(statements.replace("{n}", str(n)) or "pass", "pass")
        evaluation = _EVALUATED.get(place, _AT_MODULE_SCOPE).replace("{text}", text)
        tried = _TRIED.format(evaluation.rstrip().replace("\n", "\n    "), "make{n} = Holder{n} = ALIAS{n} = None")
        texts[where] += tried.replace("{n}", str(n))
        texts["another"] += tried.replace("{n}", str(n))
    texts["third"] = texts["third"] if "third" in PLACES[place] else ""
    return texts


def evaluated(place: str, number: str, namespace: Dict[str, Any]) -> Any:
    """Return the specialization as it was evaluated in a module; None if Pydantic refuses it."""
    if place == "function":
        try:
            return namespace["make" + number]()
        except Exception:
            return None
    if place == "body":
        holder = namespace["Holder" + number]
        return holder and holder.model_fields["field"].annotation
    return namespace["ALIAS" + number]


def run_as_main(text: str, name: str) -> Dict[str, Any]:
    """Be the interpreter that runs a program: its module scope is that of ``__main__``."""
    module = types.ModuleType("__main__")
    module.__file__ = name
    sys.modules["__main__"] = module
    exec(compile(text, name, "exec"), module.__dict__)
    return module.__dict__


def in_a_child(work: Callable[[], Any]) -> Any:
    """Return what ``work`` returns in a process of its own."""
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
    os.waitpid(pid, 0)
    return json.loads(answer)


def dumps(serializer: str, value: Any) -> bytes:
    """Dump."""
    if serializer == "pickle":
        return pickle.dumps(value, 4)
    return bytes(__import__(serializer).dumps(value))


def produce(folder: Path, place: str, level: str, serializers: List[str], count: int) -> Ends:
    """Evaluate and dump; return how each dump ended."""
    if level != "none":
        from picklecheck import reducers

        reducers.install(level)  # type: ignore[arg-type]
    sys.path.insert(0, str(folder))
    main = run_as_main((folder / "__main__.py").read_text(), "produce.py")
    where = PLACES[place][0]
    namespace = main if where == "__main__" else vars(__import__(where))
    if place == "copied":
        import cloudpickle

        cloudpickle.register_pickle_by_value(sys.modules["own"])
    ends = {}
    for n in map(str, range(count)):
        cls = evaluated(place, n, namespace)
        if not getattr(cls, "__pydantic_generic_metadata__", {}).get("origin"):
            continue  # refused by this Pydantic, or the origin itself
        for subject in SUBJECTS:
            value = cls if subject == "class" else cls.model_construct()
            for serializer in serializers:
                key = f"{n}.{subject}.{serializer}"
                try:
                    payload = dumps(serializer, value)
                except Exception as error:
                    ends[key] = f"dump: {error!r}"
                else:
                    ends[key] = ""
                    (folder / "payloads" / key).write_bytes(payload)
    return ends


def paths(folder: str) -> List[Path]:
    """Return the payloads that there are."""
    return sorted(Path(folder).iterdir())


def preparation(place: str, state: str, main: str) -> str:
    """Return what a receiver has done before it loads, as text."""
    where = PLACES[place][0]
    if state == "warm-other":
        return "import another\n"
    if state == "warm-function" and where == "__main__":
        body = main.replace("from own import *\n", "").replace("\n", "\n    ")
        return f"from own import *\ndef warm():\n    {body}\n    return locals()\nWARM = warm()\n"
    if state in ("warm", "warm-function"):
        return main if where == "__main__" else f"import {where}\n"
    return "import own\n" if state in ("cold", "relay") else ""


def receive(folder: Path, payloads: str, place: str, state: str) -> Ends:
    """Load what there is; return how each ended."""
    if not state.startswith("absent"):
        sys.path.insert(0, str(folder))
    text = (folder / "__main__.py").read_text()
    prepared = preparation(place, state, text)
    head = f"import pickle\n{prepared}import law\nLOADED = {{}}\nFAILED = {{}}\nFOLDER = {str(folder / payloads)!r}\n"
    loads = _LOADED
    if not state.endswith("-module"):
        body = _LOADED.replace("\n", "\n    ")
        loads = f"def load():\n    {body}\nload()\n"
    main = run_as_main(head + loads, "receive.py")
    ends = {path.name: "load: " + raised for path, raised in main["FAILED"].items()}
    for path, value in main["LOADED"].items():
        key = path.name
        number, subject, serializer = key.split(".")
        if state.startswith("absent"):
            ends[key] = "another class"  # there is none to compare it with
        elif state == "relay":
            try:
                (folder / "relayed" / key).write_bytes(dumps(serializer, value))
            except Exception as error:
                ends[key] = f"dump at the relay: {error!r}"
        else:
            expected = evaluated(place, number, own_classes(place, main, text))
            ends[key] = "pass" if (value if subject == "class" else type(value)) is expected else "another class"
    return ends


def own_classes(place: str, main: Dict[str, Any], text: str) -> Dict[str, Any]:
    """Return where a receiver has the specialization, evaluated before it loaded, or else now."""
    where = PLACES[place][0]
    if where != "__main__":
        return vars(__import__(where))
    if "ALIAS0" in main:
        return main
    if "WARM" not in main:
        main["WARM"] = run_as_main(text, "later.py")
    names: Dict[str, Any] = main["WARM"]
    return names


def outcomes(folder: Path, place: str, level: str, request: Dict[str, Any]) -> Ends:
    """Return the end of each cell of a place and a level."""
    for name in ("payloads", "relayed"):
        (folder / name).mkdir(parents=True)
    for name, text in sources(place, request["arguments"]).items():
        (folder / f"{name}.py").write_text(text)
    count = len(request["arguments"])
    ends = in_a_child(lambda: produce(folder, place, level, request["serializers"], count))
    found = {}
    for state in COPIED_STATES if place == "copied" else STATES:
        received = in_a_child(lambda state=state: receive(folder, "payloads", place, state))  # type: ignore[misc]
        if state == "relay":
            received.update(in_a_child(lambda: receive(folder, "relayed", place, "cold")))
        found.update({f"{key}.{state}": end or received[key] for key, end in ends.items()})
    return found


def main() -> None:
    """Answer the request."""
    request = json.load(sys.stdin)
    import cloudpickle  # noqa: F401
    from pydantic import BaseModel, RootModel  # noqa: F401

    class First(BaseModel):  # which makes Pydantic import what all others need
        value: int = 0

    First()
    cells: Dict[str, Ends] = {}
    for place in request["places"]:
        for level in request["levels"]:
            folder = Path(sys.argv[1], f"{place} {level}")
            for key, end in outcomes(folder, place, level, request).items():
                number, _, rest = key.partition(".")
                cells.setdefault(f"{number}.{place}.{rest}", {})[level] = end
    sys.stdout.write(json.dumps(cells))


if __name__ == "__main__":
    main()
