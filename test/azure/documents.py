# SPDX-License-Identifier: Apache-2.0
"""The schemas of the program's own documents, man/schema."""

import json
import os

import jsonschema

SCHEMAS = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "man", "schema")


def load_schema(kind):
    """A schema with all that it refers to in its place: parts of it, and other schemas by their files."""
    with open(os.path.join(SCHEMAS, f"{kind}.v1.json"), encoding="utf-8") as file:
        whole = json.load(file)

    def filled(part):
        if isinstance(part, list):
            return [filled(each) for each in part]
        if not isinstance(part, dict):
            return part
        place = part.get("$ref")
        if not isinstance(place, str):
            return {name: filled(each) for name, each in part.items()}
        if not place.startswith("#/"):
            return load_schema(place.removesuffix(".v1.json"))
        found = whole
        for name in place[2:].split("/"):
            found = found[name]
        return filled(found)

    return filled(whole)


def validator_of(schema):
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def schema_problems(validator, document):
    return [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(document)]


def problems_of(kind, document):
    """What of a document does not fit its schema, in one line; empty when all does."""
    return "; ".join(schema_problems(validator_of(load_schema(kind)), document))
