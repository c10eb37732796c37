# SPDX-License-Identifier: Apache-2.0
"""An API server of Kubernetes as far as these commands go: objects of manifests served over TLS on loopback.

Discovery is aggregated, lists come in pages, rights and faults are as the test says. Objects can be created, applied, patched and
deleted, under preconditions and as a rehearsal. What it answers was written after recordings of a real one (1.34); the real one is
in test/e2e.
"""

import copy
import http.server
import json
import os
import re
import ssl
import subprocess
import threading
import urllib.parse

import yaml

from pods import Pods

TOKEN = "the-token-of-the-test"

# group, version, plural, kind, whether in namespaces
SERVED = [
    ("", "v1", "namespaces", "Namespace", False), ("", "v1", "pods", "Pod", True), ("", "v1", "services", "Service", True),
    ("", "v1", "configmaps", "ConfigMap", True), ("", "v1", "secrets", "Secret", True), ("", "v1", "nodes", "Node", False),
    ("", "v1", "serviceaccounts", "ServiceAccount", True), ("apps", "v1", "deployments", "Deployment", True),
    ("apps", "v1", "daemonsets", "DaemonSet", True), ("apps", "v1", "statefulsets", "StatefulSet", True),
    ("apps", "v1", "replicasets", "ReplicaSet", True), ("batch", "v1", "jobs", "Job", True), ("batch", "v1", "cronjobs", "CronJob", True),
    ("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", True),
    ("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", True),
    ("networking.k8s.io", "v1", "ingresses", "Ingress", True), ("networking.k8s.io", "v1", "ingressclasses", "IngressClass", False),
    ("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", True),
    ("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", True),
    ("admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", False),
    ("admissionregistration.k8s.io", "v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration", False),
    ("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", False),
    ("networking.istio.io", "v1", "virtualservices", "VirtualService", True),
    ("networking.istio.io", "v1", "destinationrules", "DestinationRule", True), ("networking.istio.io", "v1", "gateways", "Gateway", True),
    ("networking.istio.io", "v1", "serviceentries", "ServiceEntry", True), ("networking.istio.io", "v1", "sidecars", "Sidecar", True),
    ("networking.istio.io", "v1", "workloadentries", "WorkloadEntry", True),
    ("networking.istio.io", "v1", "workloadgroups", "WorkloadGroup", True),
    ("networking.istio.io", "v1beta1", "proxyconfigs", "ProxyConfig", True),
    ("networking.istio.io", "v1alpha3", "envoyfilters", "EnvoyFilter", True),
    ("security.istio.io", "v1", "authorizationpolicies", "AuthorizationPolicy", True),
    ("security.istio.io", "v1", "peerauthentications", "PeerAuthentication", True),
    ("security.istio.io", "v1", "requestauthentications", "RequestAuthentication", True),
    ("telemetry.istio.io", "v1", "telemetries", "Telemetry", True), ("extensions.istio.io", "v1alpha1", "wasmplugins", "WasmPlugin", True),
    ("metrics.k8s.io", "v1beta1", "pods", "PodMetrics", True),
    ("access.smi-spec.io", "v1alpha3", "traffictargets", "TrafficTarget", True),
]


def load(texts):
    """The objects of manifests, those of a `List` each by itself."""
    out = []
    for text in texts:
        for document in yaml.safe_load_all(text):
            if document:
                out += document["items"] if document["kind"] == "List" else [document]
    return out


def discovery(groups):
    return {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": [
        {"metadata": {"name": group} if group else {}, "versions": [
            {"version": version, "resources": [
                {"resource": plural, "responseKind": {"group": group, "version": version, "kind": kind},
                 "scope": "Namespaced" if namespaced else "Cluster", "verbs": ["get", "list", "watch"]}
                for each, ours, plural, kind, namespaced in SERVED if each == group and ours == version]}
            for version in dict.fromkeys(ours for each, ours, *_ in SERVED if each == group)]}
        for group in groups]}


def failure(code, reason, message):
    return code, {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message, "reason": reason,
                  "code": code}


def carries(thing, selector):
    """Whether an object has the labels of a selector, as in `app=web,tier in (front,back)`."""
    labels = thing["metadata"].get("labels", {})
    wanted = re.findall(r"([^,=]+?) in \(([^)]*)\)|([^,=]+)=([^,]*)", selector)
    return all(labels.get(key or other) in (values.split(",") if key else [value]) for key, values, other, value in wanted)


def metadata_only(page):
    one = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
    return {"kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": page["metadata"],
            "items": [{**one, "metadata": each["metadata"]} for each in page["items"]]}


def merged(value, patch):
    """A JSON merge patch (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    out = dict(value) if isinstance(value, dict) else {}
    for key, each in patch.items():
        if each is None:
            out.pop(key, None)
        else:
            out[key] = merged(out.get(key), each)
    return out


class ApiServer:
    """Serves until it is closed. `denied` holds plurals that may not be listed in all namespaces, `denied_at_all` those that may not
    be listed anywhere (`pods.metrics.k8s.io`: of one group only); `faults` maps a plural to a list of what befalls its next requests: `429`, `500`, `gone`, `cut`, `hang`. `denied_writes` holds
plurals that may not be written; `owners` maps a name to the manager that has applied that object; `write_faults` is set later and maps
a method to what befalls its next requests: `429`, `raced` (somebody else changes the object just before), `lost` (it is made, and the
answer breaks off)."""

    def __init__(self, folder, texts, denied=(), denied_at_all=(), faults=None, denied_writes=(), owners=None, port=0):
        self.objects = load(texts)
        self.version = 0
        for each in self.objects:
            self.stamp(each)
        self.denied_writes = set(denied_writes)
        self.owners = owners or {}
        self.write_faults = {}
        self.writes = []  # method, path with query, body
        self.denied = set(denied)
        self.denied_at_all = set(denied_at_all)
        self.faults = {plural: list(each) for plural, each in (faults or {}).items()}
        self.requests = []
        self.on_request = lambda path: None  # is told each before it is answered
        self.metadata_only = []  # of the requests those that asked for no more
        self.odd = {}  # what to answer instead, by path
        self.lock = threading.Lock()
        self.ended = threading.Event()
        self.pods = Pods(self.ended)
        self.not_served = set()  # groups that discovery does not tell of
        self.token = TOKEN
        self.tokens = {TOKEN: lambda path: True}  # and for which paths each is good
        self.user = None  # of the kubeconfig, instead of the token
        self.events = []  # (version, plural, type, object), of changes
        self.changed = threading.Condition()
        self.watch_faults = {}  # by plural: what befalls its next watches
        key, certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "ca.pem")
        if not os.path.exists(certificate):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                            "-subj", "/CN=api", "-addext", "subjectAltName=IP:127.0.0.1,DNS:api.example.org", "-keyout", key, "-out",
                            certificate], check=True, capture_output=True)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), self.handler())
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # a client that does not trust us breaks off
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
        self.server.socket = tls.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.url = f"https://127.0.0.1:{self.server.server_address[1]}"
        self.certificate = certificate
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()

    def kubeconfig(self, **user):
        """As text; `user` replaces the token."""
        return yaml.safe_dump({
            "apiVersion": "v1", "kind": "Config", "current-context": "test",
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test", "namespace": "shop"}}],
            "clusters": [{"name": "test", "cluster": {"server": self.url, "certificate-authority": self.certificate}}],
            "users": [{"name": "test", "user": user or self.user or {"token": TOKEN}}]})

    def fault(self, plural):
        with self.lock:
            waiting = self.faults.get(plural)
            return waiting.pop(0) if waiting else ""

    def answer(self, path, query):
        if path in self.odd:
            return 200, self.odd[path]
        parts = path.strip("/").split("/")
        if path == "/version":
            return 200, {"major": "1", "minor": "34", "gitVersion": "v1.34.2", "platform": "linux/amd64"}
        if path in ("/api", "/apis"):
            groups = dict.fromkeys(group for group, *_ in SERVED if bool(group) == (path == "/apis") and group not in self.not_served)
            return 200, discovery(groups)
        group, version, rest = ("", parts[1], parts[2:]) if parts[0] == "api" else (parts[1], parts[2], parts[3:])
        namespace = rest[1] if len(rest) > 2 else ""
        name = rest[-1] if len(rest) in (2, 4) else None
        plural = rest[-1] if name is None else rest[-2]
        found = [each for each in SERVED if each[:3] == (group, version, plural)]
        if not found:
            return failure(404, "NotFound", "the server could not find the requested resource")
        whole = plural + ("." + group if group else "")
        if plural in self.denied_at_all or whole in self.denied_at_all or (not namespace and plural in self.denied):
            scope = f'in the namespace "{namespace}"' if namespace else "at the cluster scope"
            verb = "list" if name is None else "get"
            return failure(403, "Forbidden", f'{whole} is forbidden: User "reader" cannot {verb} resource "{plural}" in API group "{group}" {scope}')
        if name is not None:
            one = self.find(found[0], namespace, name)
            return (200, one) if one else failure(404, "NotFound", f'{whole} "{name}" not found')
        return 200, self.page(found[0], namespace, query)

    def page(self, resource, namespace, query):
        group, version, _, kind, _ = resource
        items = [each for each in self.objects if each["kind"] == kind and each["apiVersion"].rpartition("/")[0] == group
                 and namespace in ("", each["metadata"].get("namespace", "")) and carries(each, query.get("labelSelector", ""))]
        # The items of a list do not name their kind.
        items = [{key: value for key, value in each.items() if key not in ("kind", "apiVersion")} for each in items]
        limit, first = int(query.get("limit", 0)) or len(items) or 1, int(query.get("continue", 0))
        metadata = {"resourceVersion": str(self.version)}
        if first + limit < len(items):
            metadata.update({"continue": str(first + limit), "remainingItemCount": len(items) - first - limit})
        return {"kind": kind + "List", "apiVersion": f"{group}/{version}".lstrip("/"), "metadata": metadata,
                "items": items[first:first + limit]}

    def change(self, what, changed):
        """Adds, replaces or takes away an object, and tells those who watch."""
        def name(each):
            return each["kind"], each["metadata"].get("namespace"), each["metadata"]["name"]

        with self.changed:
            self.version += 1
            self.objects = [each for each in self.objects if name(each) != name(changed)]
            if what != "DELETED":
                self.objects.append(changed)
            plural = next(plural for _, _, plural, kind, _ in SERVED if kind == changed["kind"])
            told = {**changed, "metadata": {**changed["metadata"], "resourceVersion": str(self.version)}}
            self.events.append((self.version, plural, what, told))
            self.changed.notify_all()

    def watch(self, plural, since, send):
        """Sends a line for each change after a version until the test is over, or a fault wants otherwise."""
        with self.lock:
            waiting = self.watch_faults.get(plural)
            fault = waiting.pop(0) if waiting else ""
        if fault == "forgotten":
            return send({"type": "ERROR", "object": {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old resource version"}})
        if fault == "no event":
            return send({"type": "ADDED"})
        send({"type": "BOOKMARK", "object": {"kind": "X", "metadata": {"resourceVersion": str(since)}}})
        if fault == "end":
            return None
        if fault == "cut":
            return send("{\"type\": \"ADD", "")
        while not self.ended.is_set():
            with self.changed:
                new = [each for each in self.events if each[0] > since and each[1] == plural]
                if not new:
                    self.changed.wait(0.2)
            for version, _, what, told in new:
                send({"type": what, "object": told})
                since = version
                if fault == "cut after a change":
                    return send("{\"type\": \"MOD", "")
        return None

    def stamp(self, item):
        self.version += 1
        item["metadata"].setdefault("uid", f"uid-{self.version}")
        item["metadata"]["resourceVersion"] = str(self.version)

    def find(self, resource, namespace, name):
        group, _, _, kind, _ = resource
        for each in self.objects:
            if (each["kind"], each["metadata"]["name"], each["metadata"].get("namespace", "")) == (kind, name, namespace) \
                    and each["apiVersion"].rpartition("/")[0] == group:
                return each
        return None

    def get(self, kind, name, namespace=""):
        """For tests: an object as it is now."""
        return next((each for each in self.objects if (each["kind"], each["metadata"]["name"], each["metadata"].get("namespace", ""))
                     == (kind, name, namespace)), None)

    def write(self, method, path, query, content_type, body):
        parts = path.strip("/").split("/")
        group, version, rest = ("", parts[1], parts[2:]) if parts[0] == "api" else (parts[1], parts[2], parts[3:])
        # /namespaces is a resource itself and the place of others.
        in_namespace = rest[0] == "namespaces" and len(rest) > 2
        namespace, rest = (rest[1], rest[2:]) if in_namespace else ("", rest)
        plural, name = rest[0], rest[1] if len(rest) > 1 else body["metadata"]["name"]
        resource = next((each for each in SERVED if each[:3] == (group, version, plural)), None)
        if resource is None:
            return failure(404, "NotFound", "the server could not find the requested resource")
        whole = plural + ("." + group if group else "")
        verb = {"POST": "create", "PATCH": "patch", "DELETE": "delete"}[method]
        if plural in self.denied_writes:
            return failure(403, "Forbidden", f'{whole} "{name}" is forbidden: User "reader" cannot {verb} resource "{plural}" in API group "{group}"')
        present = self.find(resource, namespace, name)
        dry = "All" in (query.get("dryRun"), *body.get("dryRun", []))
        if method == "DELETE":
            return self.erase(present, whole, name, body.get("preconditions", {}), dry)
        guard = body.get("metadata", {}).pop("resourceVersion", None)
        if present is not None and guard not in (None, present["metadata"]["resourceVersion"]):
            return failure(409, "Conflict", f'Operation cannot be fulfilled on {whole} "{name}": the object has been modified; please apply '
                                            "your changes to the latest version and try again")
        applied = content_type == "application/apply-patch+yaml"
        if method == "POST" and present is not None:
            return failure(409, "AlreadyExists", f'{whole} "{name}" already exists')
        if present is None and not (method == "POST" or applied):
            return failure(404, "NotFound", f'{whole} "{name}" not found')
        if content_type not in ("application/json", "application/merge-patch+json", "application/apply-patch+yaml"):
            return failure(415, "UnsupportedMediaType", "the body of the request was in an unknown format")
        if applied and name in self.owners and query.get("force") != "true":
            code, status = failure(409, "Conflict", "Apply failed with 1 conflict")
            status["details"] = {"causes": [{"reason": "FieldManagerConflict", "field": ".metadata.labels.istio.io/rev",
                                             "message": f'conflict with "{self.owners[name]}" using v1'}]}
            return code, status
        after = merged(copy.deepcopy(present) if present else {}, body)
        if namespace:
            after["metadata"]["namespace"] = namespace
        if not dry:
            self.stamp(after)
            if present is not None:
                self.objects.remove(present)
            self.objects.append(after)
        return (200 if present is not None else 201), after

    def erase(self, present, whole, name, wanted, dry):
        if present is None:
            return failure(404, "NotFound", f'{whole} "{name}" not found')
        if any(present["metadata"][key] != value for key, value in wanted.items()):
            return failure(409, "Conflict", f'Operation cannot be fulfilled on {whole} "{name}": the precondition does not hold')
        if not dry:
            self.objects.remove(present)
        return 200, {"kind": "Status", "apiVersion": "v1", "status": "Success"}

    def raced(self, path):
        """Somebody else changes the object that a path leads to."""
        name = path.rpartition("/")[2]
        for each in self.objects:
            if each["metadata"]["name"] == name:
                self.stamp(each)

    def handler(self):
        ours = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                url = urllib.parse.urlsplit(self.path)
                query = dict(urllib.parse.parse_qsl(url.query))
                with ours.lock:
                    ours.requests.append(self.path)
                ours.on_request(self.path)
                fault = ours.fault(url.path.rpartition("/")[2])
                if fault == "hang":
                    ours.ended.wait(30)
                if fault in ("cut", "hang"):
                    self.close_connection = True
                    return None
                bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
                if not ours.tokens.get(bearer, lambda path: False)(url.path):
                    return self.send(*failure(401, "Unauthorized", "Unauthorized"))
                if fault == "429":
                    return self.send(*failure(429, "TooManyRequests", "the server has received too many requests"), retry="0")
                if fault == "500":
                    return self.send(*failure(500, "InternalError", "etcdserver: leader changed"))
                if fault == "gone":
                    return self.send(*failure(410, "Expired", "The provided continue parameter is too old"))
                plural = url.path.rpartition("/")[2]
                if query.get("watch") == "true":
                    return self.watch(plural, query)
                behind = re.fullmatch(r"/api/v1/namespaces/[^/]+/pods/(.*/(proxy/.*|portforward|exec))", url.path)
                if not behind:
                    code, document = ours.answer(url.path, query)
                    if code == 200 and "PartialObjectMetadataList" in self.headers.get("Accept", ""):
                        document = metadata_only(document)
                        ours.metadata_only.append(self.path)
                    return self.send(code, document)
                told = ours.pods.serve(self, behind[1], urllib.parse.parse_qsl(url.query))
                return self.send(*told) if told else None

            def watch(self, plural, query):
                fault = (ours.watch_faults.get(plural) or [""])[0]
                if fault.isdigit():
                    ours.watch_faults[plural].pop(0)
                    reason = {"401": "Unauthorized", "403": "Forbidden", "410": "Expired"}.get(fault, "InternalError")
                    return self.send(*failure(int(fault), reason, f"{plural}: {reason}"))
                self.close_connection = True
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()

                def send(line, end="\n"):
                    body = ((line if isinstance(line, str) else json.dumps(line)) + end).encode()
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(body), body))
                    self.wfile.flush()
                    return not end

                try:
                    if not ours.watch(plural, int(query["resourceVersion"]), send):
                        self.wfile.write(b"0\r\n\r\n")
                except OSError:
                    pass
                return None

            def do_POST(self):
                with ours.lock:
                    ours.requests.append(self.path)
                document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.path != "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews":
                    return self.write(document)
                return self.send(201, ours.pods.review(document))

            def do_PATCH(self):
                self.write(json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0)))))

            do_DELETE = do_PATCH

            def write(self, document):
                url = urllib.parse.urlsplit(self.path)
                if self.headers.get("Authorization") != "Bearer " + TOKEN:
                    return self.send(*failure(401, "Unauthorized", "Unauthorized"))
                with ours.lock:
                    waiting = ours.write_faults.get(self.command)
                    fault = waiting.pop(0) if waiting else ""
                    ours.writes.append((self.command, self.path, copy.deepcopy(document)))
                    if fault == "raced":
                        ours.raced(url.path)
                    if fault == "429":
                        return self.send(*failure(429, "TooManyRequests", "the server has received too many requests"), retry="0")
                    answer = ours.write(self.command, url.path, dict(urllib.parse.parse_qsl(url.query)), self.headers.get("Content-Type"),
                                        document)
                if fault == "lost":
                    self.close_connection = True
                    return None
                return self.send(*answer)

            def send(self, code, document, retry=None):
                body = document.encode() if isinstance(document, str) else json.dumps(document).encode()
                self.send_response(code)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                if retry is not None:
                    self.send_header("Retry-After", retry)
                self.end_headers()
                self.wfile.write(body)

        return Handler
