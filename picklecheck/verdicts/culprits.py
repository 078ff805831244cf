"""What a dump or a load stopped at: the cause by name, and what the process knows of the object. Pure.

The messages are CPython's, Pydantic's and cloudpickle's, and their wording is not the same in all versions. So only the
names of classes are looked for in them; the rest is what the processes themselves witnessed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from picklecheck.model import Payload

# What a process told of an exception, of a specialization, of a class.
Facts: TypeAlias = "Mapping[str, Any]"

# Modules that cloudpickle (and every vendored copy of it) writes into a payload that carries a class by value.
_BY_VALUE = re.compile(
    r"cloudpickle \S*(_make_skeleton_(class|enum)|_class_setstate)$|^dill\._dill _create_(type|namedtuple)$"
)
# Where a class that was sent along is built again: in these, or in C, called by our own code.
_LIBRARIES = re.compile(r"(^|/)(cloudpickle|dill|pydantic|typing\.py:|picklecheck_probe/)")
_OWN = re.compile(r"(^|/)picklecheck(_probe)?/")
# As multiprocessing's children call the script that their parent was started with.
_MAINS = ("__main__", "__mp_main__")
_SPECIALIZED = re.compile(r"\w\[[^\]]+\]")
# Pydantic before 2.5 cannot copy these, so cloudpickle fails where it would carry a class by value.
_UNCOPIABLE = re.compile(r"Schema(Serializer|Validator)' object")
# Why a class cannot be imported, as the probe tells it, in words.
_WHY = {
    "main": "is defined in the main script",
    "function": "is defined in a function",
    "name": "does not stand under its own name in its module",
    "sqlmodel": "was made by SQLModel, which keeps neither origin nor arguments",
}


def dump_cause(error: Facts, specializations: Sequence[Facts], classes: Sequence[Facts]) -> str:
    """Which of the ways in which pickle looks for a class by its name went wrong."""
    message = error["message"]
    is_lookup = error["type"].endswith(("PicklingError", "AttributeError")) or _UNCOPIABLE.search(message)
    # A lambda has no name that could be looked up, wherever it stands.
    if not is_lookup or re.search(r"<lambda>('| at )", message):
        return "PC104"
    if "<locals>" in message or _stuck_in_dump(message, classes):
        return "PC105"
    involved = [one for one in (*specializations, *_specializations(classes)) if _names(message, one)]
    # A specialization that nobody told of, inside a library's own object: pickle says what it cannot pickle.
    if not (involved or (_SPECIALIZED.search(message) and "pickle" in message)):
        return "PC104"
    if "not the same object" in message:
        return "PC103"
    if any(one.get("registered") and one["module"] not in one["registered"] for one in involved):
        return "PC102"
    return "PC101"


def load_cause(error: Facts, payload: Payload | None, classes: Sequence[Facts]) -> str:
    """Which of the names in a payload the receiver could not find, or what else went wrong."""
    if error["type"] in ("ModuleNotFoundError", "ImportError"):
        return "PC203"
    for module, name in _missing(error, payload):
        named = [one for one in classes if (one["module"], one["qualname"]) == (module, name)]
        is_specialization = any(one["specialization"] for one in named) or _SPECIALIZED.search(name) is not None
        if any(one["stuck"] for one in named) or (module in _MAINS and not is_specialization):
            return "PC206"
        if is_specialization:
            return "PC202" if module in _MAINS else "PC201"
    return "PC206" if _stuck_in_load(error, payload, classes) else "PC204"


def dump_details(facts: Facts, code: str) -> str:
    """Return what there is to add to the exception: the way to the object, and why a class cannot be imported."""
    message, classes = facts["error"]["message"], facts.get("classes", ())
    found = facts.get("unpicklable") if code in ("PC104", "PC105") else None
    # What an object is made with is told by the object.
    path = found["path"].partition(".__reduce_ex__")[0] if found else "value"
    place = f"at {path}" if path != "value" else ""
    stuck = _stuck_in_dump(message, classes) if code == "PC105" else []
    dotted = [one["name"] for one in _specializations(classes) if _has_dots(one["name"]) and _names(message, one)]
    dots = f"pickle takes the dots in {dotted[0]} for attributes" if dotted else ""
    return _joined(place, told(stuck), dots)


def load_details(error: Facts, payload: Payload | None, classes: Sequence[Facts], code: str) -> str:
    """Return the same of a load: the frame in which it failed, and why a class cannot be imported."""
    if code == "PC206":
        missing = _missing(error, payload)
        stuck = [part for one in classes if (one["module"], one["qualname"]) in missing for part in one["stuck"]]
        return told(stuck or _stuck_in_load(error, payload, classes))
    if code != "PC204":
        return ""
    frame = error.get("frame") or ""
    place = f"in {frame}" if frame and not _OWN.search(frame) else ""
    return _joined(place, "a class was sent along, and could not be built again" * _is_of_libraries(error, payload))


def carries_a_class(payload: Payload) -> bool:
    """Does a payload carry a class by value?"""
    return any(_BY_VALUE.search(name) for name in payload.globals)


def names_a_specialization(payload: Payload, classes: Sequence[Facts]) -> bool:
    """Does a payload ask for a specialization by its name?"""
    names = {f"{one['module']} {one['qualname']}" for one in _specializations(classes)}
    return any(name in names or "[" in name.partition(" ")[2] for name in payload.globals)


def stuck_at(text: str, classes: Sequence[Facts]) -> list[Facts]:
    """Return what cannot be imported of the class that a difference calls ``text``."""
    named = [one for one in classes if text in (one["text"], f"{one['module']}.{one['qualname']}")]
    return [part for one in named for part in one["stuck"]]


def _stuck_in_dump(message: str, classes: Sequence[Facts]) -> list[Facts]:
    """Return the parts that cannot be imported, of the classes that a message names."""
    named = [one for one in classes if f"<class '{one['module']}.{one['qualname']}'>" in message]
    local = re.search(r"'([^']*<locals>[^']*)'", message)
    if local is not None:
        named += [one for one in classes if one["qualname"] == local[1]]
    if _UNCOPIABLE.search(message):
        named += classes
    return [part for one in named for part in one["stuck"]]


def _stuck_in_load(error: Facts, payload: Payload | None, classes: Sequence[Facts]) -> list[Facts]:
    """Return the parts that cannot be imported, of the classes that were sent along, if building those failed."""
    if not _is_of_libraries(error, payload):
        return []
    return [part for one in classes for part in one["stuck"]]


def _is_of_libraries(error: Facts, payload: Payload | None) -> bool:
    """Was a class sent along, and did the libraries fail that build it again?"""
    is_sent = payload is not None and carries_a_class(payload)
    return is_sent and _LIBRARIES.search(error.get("frame") or "") is not None


def _missing(error: Facts, payload: Payload | None) -> list[tuple[str, str]]:
    """Return module and name of what a payload names and a message says is not there."""
    named = [one.partition(" ") for one in payload.globals] if payload else []
    return [(module, name) for module, _, name in named if repr(name) in error["message"]]


def _specializations(classes: Sequence[Facts]) -> list[Facts]:
    return [one for one in classes if one["specialization"]]


def _names(message: str, one: Facts) -> bool:
    """Does a message name this specialization? A name without brackets may be a part of another word."""
    return one["name"] in message if "[" in one["name"] else f"{one['module']}.{one['name']}'" in message


def told(stuck: Iterable[Facts]) -> str:
    """Return why classes cannot be imported, in words."""
    return _joined(*dict.fromkeys(f"{one['name']} {_WHY[one['why']]}" for one in stuck))


def _has_dots(name: str) -> bool:
    return "." in name.partition("[")[0]


def _joined(*words: str) -> str:
    return "; ".join(word for word in words if word)
