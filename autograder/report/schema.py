"""The JSON Schemas that course systems and editors rely on, made from the models.

They are committed in `autograder/schemas/`, so that a change of the contract
shows in review; `python -m autograder.report.schema` writes them anew.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator

from ..contract import SCHEMA_VERSION, Report
from ..review.files import VERSION, Review
from ..rubric.model import Rubric

DIALECT = "https://json-schema.org/draft/2020-12/schema"
RESERVED = {
    "Report": {"reason", "claims", "late", "since_last"},
    "CategoryScore": {"state", "to_next_level", "reviews", "adjustments"},
    "Evidence": {"section", "hint_2", "counterexample", "excluded", "reviews", "for_person"},
    "ReviewNote": {"level", "decides"},
    "Diagnosis": {"hint_2", "section", "counterexample"},
}
"""Keys that may be left out; everything else is always there."""


def report_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of `results/reports/<id>.json`."""
    schema = Report.model_json_schema(mode="serialization")
    parts = {"Report": schema, **schema["$defs"]}
    for name, part in parts.items():
        if part.get("type") == "object":
            optional = RESERVED.get(name, set())
            part["required"] = [key for key in part["properties"] if key not in optional]
    return {"$schema": DIALECT, "$id": f"urn:autograder:report:{SCHEMA_VERSION}", **schema}


def rubric_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of `rubric.yaml`, for editors."""
    schema = Rubric.model_json_schema()
    return {"$schema": DIALECT, "$id": "urn:autograder:rubric:1", **schema}


def review_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a review file."""
    schema = Review.model_json_schema()
    return {"$schema": DIALECT, "$id": f"urn:autograder:review:{VERSION}", **schema}


@cache
def report_validator() -> Draft202012Validator:
    """Validator for the committed report schema."""
    text = resources.files("autograder.schemas").joinpath("report.schema.json").read_text("utf-8")
    return Draft202012Validator(json.loads(text))


def write_schemas() -> None:
    """Write the schemas beside the package's other files."""
    folder = resources.files("autograder.schemas")
    schemas = {"report": report_schema(), "rubric": rubric_schema(), "review": review_schema()}
    for name, schema in schemas.items():
        with resources.as_file(folder.joinpath(f"{name}.schema.json")) as path:
            path.write_text(json.dumps(schema, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_schemas()
