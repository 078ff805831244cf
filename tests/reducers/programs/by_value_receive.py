"""Loads what by_value_send.py dumped, of two senders, on stdin; prints what holds, by case."""

# ruff: noqa: T201
# (stdout is the way back)

import json
import pickle
import sys
from typing import Any, Dict, List

sys.modules["picklecheck"] = None  # type: ignore[assignment]


def is_usable(cls: Any, instance: Any) -> bool:
    """Validate, serialize, describe: what a class with fields does."""
    again = cls.model_validate(instance.model_dump())
    return bool(
        cls.model_fields
        and again == instance
        and cls.model_validate_json(instance.model_dump_json()) == instance
        and cls.model_json_schema()["properties"]
    )


def judge(streams: List[Any]) -> Dict[str, Any]:
    """Look at three streams: two of one sender, one of another."""
    (instance, cls, origin), (_, cls_again, origin_again), (_, cls_elsewhere, origin_elsewhere) = streams
    arguments = cls.__pydantic_generic_metadata__["args"]
    return {
        "instance is of the class": type(instance) is cls,
        "class is origin[arguments]": origin is None or origin[arguments] is cls,
        "usable": is_usable(cls, instance),
        "origin shared, class shared": [origin_again is origin, cls_again is cls],
        "of another sender": [origin_elsewhere is origin is not None, cls_elsewhere is cls],
    }


def main() -> None:
    """Judge each case."""
    one, other = json.load(sys.stdin)
    loaded = {
        name: [pickle.loads(bytes.fromhex(text)) for text in (*texts, other[name][0])] for name, texts in one.items()
    }
    print(json.dumps({name: judge(streams) for name, streams in loaded.items()}))


main()
