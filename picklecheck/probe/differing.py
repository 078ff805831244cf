"""How two portraits differ: a line for each place, and what of it is no loss."""

import itertools
import re

from .compare import MAX_DIFFERENCES

_COUNT = re.compile(r"(\d+) keys$")
_MISSING = "missing"


def differences(sent, arrived):
    """Return how two lists of lines differ, as :func:`compare.differences` does, one for each place."""
    return _differences(sent, arrived)[:MAX_DIFFERENCES]


def judged(sent, arrived, rebuilt):
    """Return the differences that count, and those that count unless the object's own ``==`` finds none.

    ``rebuilt`` holds the paths of objects that restore themselves: what such an object has in addition is its own
    doing, and no loss. What it has of another value may be a loss, or be meant.
    """
    found = [one for one in _differences(sent, arrived) if not _is_surplus(one, rebuilt)]
    open_ones = [one for one in found if one["kind"] != "type" and any(_is_open(one, path) for path in rebuilt)]
    return [one for one in found if one not in open_ones][:MAX_DIFFERENCES], open_ones[:MAX_DIFFERENCES]


def without_rebuilt(lines, rebuilt):
    """Return the lines but for what objects that restore themselves keep beside their fields and items."""
    return [one for one in lines if not any(_is_open({"path": one[1]}, path) for path in rebuilt)]


def _differences(sent, arrived):
    found = []
    ours, theirs = _by_place(sent), _by_place(arrived)
    for kind, path in dict.fromkeys([*ours, *theirs]):
        expected, actual = ours.get((kind, path), [_MISSING]), theirs.get((kind, path), [_MISSING])
        if expected != actual:
            pairs = itertools.zip_longest(expected, actual, fillvalue=_MISSING)
            one, other = next(pair for pair in pairs if pair[0] != pair[1])
            found.append({"kind": kind, "path": path, "expected": one, "actual": other})
    if not found and sent != arrived:
        kind, path, text = next(one for one, other in zip(sent, arrived) if one != other)
        found.append({"kind": kind, "path": path, "expected": text, "actual": "in another place of the order"})
    return _of_values(found, sent, arrived)


def _by_place(lines):
    places = {}
    for kind, path, text in lines:
        places.setdefault((kind, path), []).append(text)
    return places


def _of_values(found, sent, arrived):
    """Say of a place where an object stood and now a plain value does, or nothing, that its value is another one.

    What lies within such a place differs for that reason alone; so does what lies where sharing was lost or made up.
    """
    kept, done = [], []
    values = _plain_values(sent), _plain_values(arrived)
    shared = {one["path"] for one in found if one["kind"] == "sharing"}
    for one in found:
        path = one["path"]
        if any(_is_at(path, place) for place in done) or (path in shared and one["kind"] != "sharing"):
            continue
        if one["kind"] == "sharing":
            done.append(path)
        elif one["kind"] == "type" and _MISSING in (one["expected"], one["actual"]):
            done.append(path)
            kept.append(_of_a_value(one, values))
            continue
        elif one["kind"] == "type" and path != "value" and _is_of_another_kind(one):
            done.append(path)
            words = {side: "a value of %s" % one[side] for side in ("expected", "actual")}
            kept.append({"kind": "value", "path": path, **words})
            continue
        kept.append(one)
    return kept


def _is_of_another_kind(one):
    """Is one of the two of a built-in class, or of a class of another name? No payload takes a class for such a one."""
    names = [one[side].partition("[")[0].partition(" ")[0].rpartition(".") for side in ("expected", "actual")]
    return names[0][2] != names[1][2] or not all(name[0] for name in names)


def _of_a_value(one, values):
    """What is lost is a value, whatever class it was of; so is what became a plain value, or was one."""
    path = one["path"]
    texts, kind, plain = [], "value", _MISSING
    for side, lines in zip(("expected", "actual"), values):
        told = lines.get(path)
        kind = told[0] if told else kind
        if one[side] != _MISSING:
            texts.append(one[side])
        else:
            plain = told[1] if told else _MISSING
            texts.append(plain)
    if path != "value":
        texts = [text if text is plain else "a value of %s" % text for text in texts]
    else:
        kind = "type"
    return {"kind": kind, "path": path, "expected": texts[0], "actual": texts[1]}


def _plain_values(lines):
    return {path: (kind, text) for kind, path, text in lines if kind not in ("type", "sharing")}


def _is_at(path, place):
    return path == place or path.startswith((place + "[", place + ".", place + " ", place + "("))


def _is_open(one, path):
    """Is this what an object keeps beside its fields or items? Those are its state, whoever restores them."""
    return _is_at(one["path"], path) and not one["path"].startswith(path + "[")


def _is_surplus(one, rebuilt):
    """Is this what an object that restores itself has in addition to what was sent?"""
    if one["kind"] in ("type", "sharing"):
        return False
    for path in rebuilt:
        if _is_at(one["path"], path):
            if one["path"] != path and one["expected"] == _MISSING:
                return True
            counts = [_COUNT.match(one[side]) for side in ("expected", "actual")]
            if all(counts) and int(counts[0].group(1)) < int(counts[1].group(1)):
                return True
    return False
