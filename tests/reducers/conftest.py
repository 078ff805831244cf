"""Every test starts and ends without the fix, and finds everything as it was."""

# mypy: disable-error-code="import-untyped"
# (cloudpickle has no types)

import copyreg
import sys
from typing import Any, Dict, Iterator

import cloudpickle
import pytest
from pydantic import BaseModel

from picklecheck import reducers


def surroundings() -> Dict[str, Any]:
    """Everything that installing may change."""
    metaclass = type(BaseModel)
    return {
        "table": dict(copyreg.dispatch_table),
        "override": vars(cloudpickle.CloudPickler)["reducer_override"],
        "metaclass": dict(vars(metaclass)),
        "base model": {name: value for name, value in vars(BaseModel).items() if not name.startswith("_abc")},
        "meta path": list(sys.meta_path),
    }


@pytest.fixture(autouse=True)
def _everything_is_restored() -> Iterator[None]:
    """Fail the test that leaves something behind."""
    assert not reducers.is_installed()
    before = surroundings()
    yield
    reducers.uninstall()
    assert surroundings() == before
