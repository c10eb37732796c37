# SPDX-License-Identifier: Apache-2.0
"""A small client of the API server, so that the bed needs no kubectl."""

import http.client
import json
import socket
import ssl
import threading
import urllib.parse

from .processes import BedError

APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"


class ApiError(BedError):
    def __init__(self, status, message):
        super().__init__(f"HTTP {status}: {message}")
        self.status = status


def query(**values):
    given = {name: value for name, value in values.items() if value not in (None, "")}
    return "?" + urllib.parse.urlencode(given) if given else ""


class Cluster:
    """One connection per thread, kept open; a request is sent again once when the connection was closed meanwhile."""

    def __init__(self, host, port, ca, certificate, key):
        self.address = (host, port)
        self.context = ssl.create_default_context(cafile=str(ca))
        self.context.load_cert_chain(certificate, key)
        self.local = threading.local()
        self.kinds = {}

    def exchange(self, method, path, body, headers):
        for attempt in (1, 2):
            connection = getattr(self.local, "connection", None)
            if connection is None:
                connection = http.client.HTTPSConnection(*self.address, context=self.context, timeout=60)
                connection.connect()
                connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.local.connection = connection
            try:
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                return answer.status, answer.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                self.local.connection = None
                if attempt == 2:
                    raise
        raise AssertionError("not reached")

    def raw(self, method, path, body=None, content_type="application/json"):
        try:
            status, answer = self.exchange(method, path, None if body is None else json.dumps(body), {"Content-Type": content_type})
        except (OSError, http.client.HTTPException) as error:
            raise BedError(f"{method} {path}: {error}") from None
        text = answer.decode("utf-8", "replace")
        if status >= 400:
            try:
                text = json.loads(text)["message"]
            except (ValueError, LookupError, TypeError):
                pass
            raise ApiError(status, f"{method} {path}: {text[:800]}")
        return text

    def call(self, *arguments):
        return json.loads(self.raw(*arguments))

    def kind(self, api_version, kind):
        """Base path, name in paths, whether it lives in namespaces."""
        known = self.kinds.get((api_version, kind))
        if known:
            return known
        base = ("/apis/" if "/" in api_version else "/api/") + api_version
        for each in self.call("GET", base)["resources"]:
            if "/" not in each["name"]:
                self.kinds[api_version, each["kind"]] = (base, each["name"], each["namespaced"])
        if (api_version, kind) not in self.kinds:
            raise ApiError(404, f"the API server does not serve {kind} of {api_version}")
        return self.kinds[api_version, kind]

    def collection(self, api_version, kind, namespace=None):
        base, plural, namespaced = self.kind(api_version, kind)
        return f"{base}/namespaces/{namespace}/{plural}" if namespaced and namespace else f"{base}/{plural}"

    def path(self, thing):
        meta = thing["metadata"]
        namespaced = self.kind(thing["apiVersion"], thing["kind"])[2]
        namespace = meta.get("namespace", "default") if namespaced else None
        return self.collection(thing["apiVersion"], thing["kind"], namespace) + "/" + meta["name"]

    def list(self, api_version, kind, namespace=None, labels=None):
        out, token = [], ""
        while True:
            page = self.call("GET", self.collection(api_version, kind, namespace) + query(limit=500, labelSelector=labels, **{"continue": token}))
            out += page["items"]
            token = page["metadata"].get("continue")
            if not token:
                return out

    def get(self, api_version, kind, name, namespace=None):
        return self.call("GET", self.collection(api_version, kind, namespace) + "/" + name)

    def apply(self, things, manager="addon-manager"):
        """Server-side apply in the order given; a `status` goes where statuses go."""
        for thing in things:
            path = self.path(thing)
            body = {name: value for name, value in thing.items() if name != "status"}
            self.raw("PATCH", path + query(fieldManager=manager, force="true"), body, APPLY)
            if "status" in thing:
                self.raw("PATCH", path + "/status" + query(fieldManager=manager), {"status": thing["status"]}, MERGE)

    def create(self, thing):
        namespace = thing["metadata"].get("namespace")
        return self.call("POST", self.collection(thing["apiVersion"], thing["kind"], namespace), thing)

    def merge(self, path, change):
        return self.call("PATCH", path, change, MERGE)

    def delete(self, thing, grace=None):
        try:
            self.raw("DELETE", self.path(thing) + query(gracePeriodSeconds=grace))
        except ApiError as error:
            if error.status != 404:
                raise

    def token(self, namespace, account, seconds=3600, audience=None):
        spec = {"expirationSeconds": seconds, **({"audiences": [audience]} if audience else {})}
        answer = self.call("POST", f"/api/v1/namespaces/{namespace}/serviceaccounts/{account}/token",
                           {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec})
        return answer["status"]["token"]
