"""The JSON Schema of the JSON report, made from its types."""

from __future__ import annotations

import json

from pydantic import TypeAdapter

from picklecheck.model import SCHEMA_VERSION
from picklecheck.reports.json_format.types import ReportDocument


def render() -> str:
    """Return the schema as text: what docs/report.schema.json holds, in the words of the Pydantic that runs this."""
    schema = TypeAdapter(ReportDocument).json_schema()
    return (
        json.dumps(
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "$comment": f"schema_version {SCHEMA_VERSION}: names are added and never renamed",
                **schema,
            },
            indent=2,
        )
        + "\n"
    )
