# SPDX-License-Identifier: Apache-2.0
"""The admin port of an Envoy that has a recorded dump, as far as it is asked here.

Written after its documentation and source/server/admin/config_dump_handler.cc: a mask is of one section, all of its fields must be
that section's, and what no section has is answered with 400; `name_regex` is RE2 and must match whole names.
"""

import json
import pathlib
import re
import urllib.parse

RECORDED = pathlib.Path(__file__).resolve().parent.parent / "proxy" / "recorded" / "istioctl" / "in"
FIELDS = {
    "BootstrapConfigDump": {"bootstrap", "last_updated"},
    "ClustersConfigDump": {"version_info", "static_clusters", "dynamic_active_clusters", "dynamic_warming_clusters"},
    "ListenersConfigDump": {"version_info", "static_listeners", "dynamic_listeners"},
    "RoutesConfigDump": {"static_route_configs", "dynamic_route_configs"},
    "SecretsConfigDump": {"static_secrets", "dynamic_active_secrets", "dynamic_warming_secrets"},
    "EndpointsConfigDump": {"static_endpoint_configs", "dynamic_endpoint_configs"},
    "EcdsConfigDump": {"ecds_filters"},
}


def recorded(proxy):
    """Its dump and its page /clusters."""
    return tuple(json.loads((RECORDED / proxy / file).read_text(encoding="utf-8")) for file in ("config_dump.json", "clusters.json"))


def section(dump, kind):
    return next((each for each in dump["configs"] if each["@type"].endswith("." + kind)), None)


def name_of(entry):
    for member, key in (("cluster", "name"), ("route_config", "name"), ("endpoint_config", "cluster_name")):
        if member in entry:
            return entry[member].get(key, "")
    return entry.get("name", "")


class Envoy:
    """`names`: whether it understands `name_regex`, `refuses` or `ignores` it. `broken`: fields that it cannot write."""

    def __init__(self, dump, clusters, names="understands", broken=()):
        self.dump, self.clusters, self.names, self.broken = dump, clusters, names, set(broken)

    def __call__(self, path):
        url = urllib.parse.urlsplit(path)
        page = url.path.lstrip("/")  # which a command within the pod leaves out
        if page == "clusters":
            return 200, json.dumps(self.clusters)
        if page != "config_dump":
            return 404, "invalid path"
        query = urllib.parse.parse_qs(url.query, keep_blank_values=True)
        names = query.get("name_regex", [""])[0]
        if names and self.names == "refuses":
            return 400, "Error while parsing name_regex"
        mask = set(query.get("mask", [""])[0].split(",")) - {""}
        if mask & self.broken:
            return 200, "Failed to convert protobuf message to JSON string: INVALID_ARGUMENT: could not find @type"
        found = [one for one in self.dump["configs"] if mask <= FIELDS.get(one["@type"].rpartition(".")[2], set()) and
                 ("include_eds" in query or not one["@type"].endswith(".EndpointsConfigDump"))]
        if mask and not found:
            return 400, f"FieldMask {','.join(mask)} could not be successfully applied to any configs."
        wanted = re.compile(names if names and self.names == "understands" else ".*", re.DOTALL)
        return 200, json.dumps({"configs": [
            {key: [each for each in value if wanted.fullmatch(name_of(each))] if isinstance(value, list) else value
             for key, value in one.items() if key == "@type" or not mask or key in mask} for one in found]}, indent=1)
