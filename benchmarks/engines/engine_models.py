"""What the programs of all engines share: the models, the work, the report."""

import json
import os
from typing import Generic, List, TypeVar

from pydantic import BaseModel

T = TypeVar("T")
MODE = os.environ["MODE"]


class Box(BaseModel, Generic[T]):
    """A generic model."""

    value: T


def work(box):
    """Say whether it is the very class that arrived, and give back one that nobody has registered."""
    return type(box) is Box[int], Box[List[Box[int]]](value=[box])


def install_in_sender():
    """Install the fix in this process, as the mode says."""
    if MODE != "none":
        from picklecheck.reducers import install

        install(propagate=MODE == "propagate")


def report(send):
    """Print what ``send(box)`` brings back: the worker's word, and whether it is the very class that came back."""
    try:
        arrived, back = send(Box[int](value=1))
    except Exception as error:
        outcome = f"{type(error).__name__}"
    else:
        outcome = [arrived, type(back) is Box[List[Box[int]]]]
    print(json.dumps({"engine_report": outcome}), flush=True)
