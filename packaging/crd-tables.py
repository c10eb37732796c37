#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""crd-tables.py [--check] [CRDS.yaml ...]: makes lib/istio/tables/GROUP/KIND.json of custom resource definitions.

Without files it reads those of the reference corpus: $AKSMESH_CORPUS/crds, by default ../shared/data/crds beside the
checkout. With --check it writes nothing and tells which tables are not what it would write.

Kept of a definition is what decides whether an object is accepted; descriptions go. The words are those of OpenAPI,
with these differences:
  free        x-kubernetes-preserve-unknown-fields
  listType    set, or map with mapKeys (x-kubernetes-list-type, -map-keys); atomic lists need no word
  exclusive   lists of members of which one at most may be there: what Istio writes as oneOf with not and anyOf
  rules       ids of rules.json, one for each CEL rule
  use         a part of "shared", where parts that occur more than once stand
  format      also `duration` for texts that Istio reads as one, and `base64`
  keys        `integer`: the keys of this mapping are numbers
`status` keeps only types, and only where Istio's analysis reads it. A rule or a form that is not known here ends the
run: it has to be added to rules.json and to lib/istio/schema first.
"""
import collections
import json
import os
import re
import sys

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TABLES = os.path.join(ROOT, "lib", "istio", "tables")
WIDTH = 118

# Where the definitions come from, by the name of the file.
SOURCES = [
    (r"istio-(\d[\d.]*)\.yaml", "Istio {}, custom resource definitions (Istio Authors, Apache License 2.0)"),
    (r"gateway-api-(\d[\d.]*)\.yaml",
     "Gateway API {}, experimental channel (The Kubernetes Authors, Apache License 2.0)"),
    (r"gateway-api-inference-extension\.yaml",
     "Gateway API inference extension (The Kubernetes Authors, Apache License 2.0)"),
]
COMMENT = "Made by packaging/crd-tables.py, which explains the words; do not edit."
KEPT = ("type", "format", "nullable", "required", "enum", "minimum", "maximum", "minLength", "maxLength", "minItems",
        "maxItems", "minProperties", "maxProperties", "pattern", "default")
# Fields of the protobuf type Duration that no rule of the definition marks as one.
UNMARKED_DURATIONS = {"idleTimeout", "ttl", "exponentialDelay"}
MOST_SHARED_AT = 120  # bytes from which on a repeated part is worth a name


class Unknown(Exception):
    """Something in a definition that the tables cannot express yet."""


def text(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Rules:
    """The rows of rules.json, by rule and message."""

    def __init__(self):
        with open(os.path.join(TABLES, "rules.json"), encoding="utf-8") as f:
            rows = json.load(f)["rules"]
        self.ids = {(row["rule"], row["message"]): row["id"] for row in rows if "rule" in row}
        self.forms = {text(row["form"]): row["id"] for row in rows if "form" in row}
        self.known = {row["id"] for row in rows if "notChecked" not in row}
        self.used = set()

    def cel(self, rule, where):
        key = (rule["rule"], rule["message"])
        if key not in self.ids:
            raise Unknown(f"{where}: no row of rules.json for {rule['rule']!r}, {rule['message']!r}")
        self.used.add(self.ids[key])
        return self.ids[key]

    def form(self, form, where):
        """A oneOf that is no choice between members has a rule of its own."""
        if text(form) not in self.forms:
            raise Unknown(f"{where}: a form that is not known: {text(form)}")
        self.used.add(self.forms[text(form)])
        return self.forms[text(form)]


def members_of_choice(form):
    """The members of `one of these, or none`, as Istio writes it; None for any other form."""
    if not isinstance(form, list) or set(form[0]) != {"not"}:
        return None
    members = [branch.get("required", [None])[0] for branch in form[1:]]
    none = {"anyOf": [{"required": [name]} for name in members]}
    return members if form == [{"not": none}] + [{"required": [name]} for name in members] else None


class Converter:
    def __init__(self, rules, istio):
        self.rules = rules
        self.istio = istio

    def schema(self, given, where, name=""):
        out = {word: given[word] for word in KEPT if word in given}
        known = set(KEPT) | {"properties", "items", "additionalProperties", "oneOf", "allOf", "description",
                             "x-kubernetes-validations", "x-kubernetes-preserve-unknown-fields",
                             "x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-map-type"}
        if set(given) - known:
            raise Unknown(f"{where}: {sorted(set(given) - known)}")
        self.format(out, where, name)
        if given.get("x-kubernetes-preserve-unknown-fields"):
            out["free"] = True
        if given.get("x-kubernetes-list-type") in ("set", "map"):
            out["listType"] = given["x-kubernetes-list-type"]
        if "x-kubernetes-list-map-keys" in given:
            out["mapKeys"] = given["x-kubernetes-list-map-keys"]
        self.choices(given, out, where)
        for rule in given.get("x-kubernetes-validations", []):
            out.setdefault("rules", []).append(self.rules.cel(rule, where))
            if rule["rule"].startswith("duration(self)") and self.istio:
                out["format"] = "duration"
            if "int(key)" in rule["rule"]:
                out["keys"] = "integer"
        if "items" in given:
            out["items"] = self.schema(given["items"], where + "[]")
        if "additionalProperties" in given:
            out["additionalProperties"] = self.schema(given["additionalProperties"], where + "{}")
        if "properties" in given:
            out["properties"] = {key: self.schema(value, where + "." + key, key)
                                 for key, value in sorted(given["properties"].items())}
        return out

    def format(self, out, where, name):
        if out.get("format") == "binary":
            out["format"] = "base64"
        elif out.get("format") not in (None, "int32", "int64", "double"):
            raise Unknown(f"{where}: format {out['format']}")
        if self.istio and name in UNMARKED_DURATIONS and out.get("type") == "string":
            out["format"] = "duration"

    def choices(self, given, out, where):
        forms = [given["oneOf"]] if "oneOf" in given else []
        for part in given.get("allOf", []):
            if set(part) != {"oneOf"}:
                raise Unknown(f"{where}: allOf of {sorted(part)}")
            forms.append(part["oneOf"])
        for form in forms:
            members = members_of_choice(form)
            if members is None:
                out.setdefault("rules", []).append(self.rules.form(form, where))
            elif len(members) > 1:  # one that stands alone excludes nothing
                out.setdefault("exclusive", []).append(members)


def types_only(given):
    out = {word: given[word] for word in ("type", "format", "nullable") if word in given}
    if out.get("format") not in ("int32", "int64"):
        out.pop("format", None)
    if "items" in given:
        out["items"] = types_only(given["items"])
    if isinstance(given.get("additionalProperties"), dict):
        out["additionalProperties"] = types_only(given["additionalProperties"])
    if "properties" in given:
        out["properties"] = {key: types_only(value) for key, value in sorted(given["properties"].items())}
    return out


def children(schema):
    """The schemas right below, each with its name and a function that puts another in its place."""
    for word in ("items", "additionalProperties"):
        if word in schema:
            yield word, schema[word], lambda value, word=word: schema.__setitem__(word, value)
    for key, value in schema.get("properties", {}).items():
        yield key, value, lambda value, key=key: schema["properties"].__setitem__(key, value)


def share(roots):
    """Takes parts that occur more than once out of the schemas and gives them names."""
    count = collections.Counter()

    def tally(schema):
        for _, child, _ in children(schema):
            key = text(child)
            count[key] += 1
            if count[key] == 1:  # what is below a repeated part is counted with its first place
                tally(child)

    shared, names = {}, {}

    def name_for(schema, name, owner):
        base = owner if name in ("items", "additionalProperties") else name
        number, wanted = 1, base
        while wanted in shared:
            number += 1
            wanted = f"{base}-{number}"
        return wanted

    def replace(schema, owner):
        for name, child, put in children(schema):
            key = text(child)
            inner = owner if name in ("items", "additionalProperties") else name
            if count[key] < 2 or len(key) < MOST_SHARED_AT:
                replace(child, inner)
                continue
            if key not in names:
                names[key] = name_for(child, name, owner)
                shared[names[key]] = None  # keeps its place before those inside it
                replace(child, inner)
                shared[names[key]] = child
            put({"use": names[key]})

    for root in roots:
        tally(root)
    for root in roots:
        replace(root, "root")
    return shared


def layout(value, indent=0):
    """JSON with short parts on one line."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or not value or indent + len(flat) <= WIDTH:
        return flat
    pad = " " * (indent + 2)
    if isinstance(value, list):
        return "[\n" + ",\n".join(pad + layout(item, indent + 2) for item in value) + "\n" + " " * indent + "]"
    # Scalars and short lists share lines; whatever is longer has its own.
    lines, row = [], ""
    for key, item in value.items():
        part = json.dumps(key) + ": " + json.dumps(item, ensure_ascii=False)
        simple = not isinstance(item, dict) and len(pad) + len(part) <= WIDTH
        if simple and row and len(pad) + len(row) + len(part) + 2 <= WIDTH:
            row += ", " + part
            continue
        if row:
            lines.append(pad + row)
            row = ""
        if simple:
            row = part
        else:
            lines.append(pad + json.dumps(key) + ": " + layout(item, indent + 2))
    if row:
        lines.append(pad + row)
    return "{\n" + ",\n".join(lines) + "\n" + " " * indent + "}"


def table(definition, source, rules):
    """The table of one kind."""
    spec = definition["spec"]
    istio = spec["group"].endswith(".istio.io")
    converter = Converter(rules, istio)
    schemas = []
    for version in spec["versions"]:
        if not version["served"]:
            continue
        given = version["schema"]["openAPIV3Schema"]
        where = f"{spec['names']['kind']}.{version['name']}"
        root = converter.schema({"type": "object", "required": given.get("required", []), "properties": {
            key: value for key, value in given["properties"].items() if key == "spec"}}, where)
        if not root["required"]:
            del root["required"]
        status = None if istio or "status" not in given["properties"] else types_only(given["properties"]["status"])
        same = [one for one in schemas if one["root"] == root and one.get("status") == status]
        if same:
            same[0]["versions"].append(version["name"])
        else:
            schemas.append({"versions": [version["name"]], "root": root})
            if status is not None:
                schemas[-1]["status"] = status
    shared = share([one[word] for one in schemas for word in ("root", "status") if word in one])
    out = {"$comment": COMMENT, "source": source, "group": spec["group"], "kind": spec["names"]["kind"]}
    if shared:
        out["shared"] = shared
    out["schemas"] = schemas
    return f"{spec['group']}/{spec['names']['kind']}.json", layout(out) + "\n"


def source_of(path):
    for pattern, told in SOURCES:
        match = re.fullmatch(pattern, os.path.basename(path))
        if match:
            return told.format(*match.groups())
    raise Unknown(f"{path}: SOURCES does not know where this comes from")


def make(paths, rules):
    out = {}
    for path in paths:
        source = source_of(path)
        with open(path, encoding="utf-8") as f:
            for definition in yaml.load_all(f, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
                if definition and definition.get("kind") == "CustomResourceDefinition":
                    name, content = table(definition, source, rules)
                    out[name] = content
    return out


def committed():
    out = {}
    for group in sorted(os.listdir(TABLES)):
        folder = os.path.join(TABLES, group)
        if os.path.isdir(folder):
            for name in sorted(os.listdir(folder)):
                with open(os.path.join(folder, name), encoding="utf-8") as f:
                    out[f"{group}/{name}"] = f.read()
    return out


def main():
    arguments = sys.argv[1:]
    check = "--check" in arguments
    paths = [argument for argument in arguments if argument != "--check"]
    if not paths:
        folder = os.path.join(os.environ.get("AKSMESH_CORPUS", os.path.join(ROOT, "..", "shared", "data")), "crds")
        if not os.path.isdir(folder):
            print(f"no definitions in {folder}; set AKSMESH_CORPUS", file=sys.stderr)
            return 2
        paths = sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".yaml"))
    rules = Rules()
    try:
        tables = make(paths, rules)
    except Unknown as problem:
        print(problem, file=sys.stderr)
        return 1
    wrong = [f"rules.json: {name} stands in no definition" for name in sorted(rules.known - rules.used)]
    if check:
        present = committed()
        wrong += [f"{name} is not what this script makes" for name in sorted(set(present) | set(tables))
                  if present.get(name) != tables.get(name)]
    else:
        for name, content in tables.items():
            os.makedirs(os.path.dirname(os.path.join(TABLES, name)), exist_ok=True)
            with open(os.path.join(TABLES, name), "w", encoding="utf-8") as f:
                f.write(content)
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
