# SPDX-License-Identifier: Apache-2.0
"""What the API server passes on to pods: its proxy, port-forwarding and exec over WebSockets, with faults.

Written after what a real one (1.34) and a kubelet send.
"""

import base64
import hashlib
import json
import struct

DATA, CLOSE, PING = 2, 8, 9


def accept_of(key):
    return base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()


class Frames:
    """The server's side of a WebSocket, after the greeting."""

    def __init__(self, handler):
        self.read, self.write = handler.rfile, handler.wfile

    def send(self, payload, opcode=DATA, first=0x80):
        size = len(payload)
        head = bytes([first | opcode, size]) if size < 126 else bytes([first | opcode, 126]) + struct.pack("!H", size) if size < 65536 else \
            bytes([first | opcode, 127]) + struct.pack("!Q", size)
        self.write.write(head + payload)
        self.write.flush()

    def receive(self):
        """Opcode and payload of one frame; None at the end. What is not masked is refused, as RFC 6455 wants it."""
        head = self.read.read(2)
        if len(head) < 2:
            return None
        size = head[1] & 0x7F
        if size >= 126:
            size = struct.unpack("!H" if size == 126 else "!Q", self.read.read(2 if size == 126 else 8))[0]
        if not head[1] & 0x80:
            return None
        mask = self.read.read(4)
        payload = self.read.read(size)
        return head[0] & 0x0F, bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))

    def message(self):
        """The next message that is no pong."""
        while (frame := self.receive()) is not None:
            if frame[0] == CLOSE:
                return None
            if frame[0] == DATA:
                return frame[1]
        return None


class Pods:
    """`answers` maps (pod, path) to what its HTTP port says: a text, or a status and a text; `proxies` maps a pod to what gives such an
    answer for any path. `ways` tells for `proxy`, `portforward` and
    `exec` whether they are `open`, `forbidden` (no right) or, for the proxy, `loopback` (the pod lets
    nobody else in), `unreachable` or `silent` (the API server has no way to the pods). `faults` maps a
    pod to what befalls its streams, one after the other."""

    def __init__(self, ended):
        self.answers = {}
        self.proxies = {}
        self.ways = {"proxy": "loopback", "portforward": "open", "exec": "open"}
        self.faults = {}
        self.protocols = ("v5.channel.k8s.io", "v4.channel.k8s.io")
        self.keeps = True  # connections stay for further requests
        self.asked = []    # (way, pod, path)
        self.reviewed = []
        self.most_at_once = self.at_once = 0
        self.ended = ended

    def review(self, document):
        attributes = document["spec"]["resourceAttributes"]
        self.reviewed.append((attributes["verb"], attributes["resource"], attributes.get("subresource"), attributes.get("namespace")))
        return {**document, "status": {"allowed": self.ways.get(attributes.get("subresource")) != "forbidden"}}

    def answer(self, way, pod, path):
        self.asked.append((way, pod, path))
        proxy = self.proxies.get(pod, lambda _: (404, "404 page not found\n"))
        found = self.answers[pod, path] if (pod, path) in self.answers else proxy(path)
        return found if isinstance(found, tuple) else (200, found)

    def is_there(self, pod):
        return pod in self.proxies or any(name == pod for name, _ in self.answers)

    def fault(self, pod):
        waiting = self.faults.get(pod)
        return waiting.pop(0) if waiting else ""

    def serve(self, handler, rest, query):
        """`rest` is the path behind `pods/`, `query` a list of pairs. Answers with a status and a document, or talks itself and answers
        None."""
        name, _, verb = rest.partition("/")
        pod, _, _ = name.partition(":")
        way, _, path = verb.partition("/")
        if self.ways[way] == "forbidden":
            return 403, status_of(403, "Forbidden", f'pods "{pod}" is forbidden: User "reader" cannot create resource "pods/{way}"')
        if not self.is_there(pod) or self.faults.get(pod) == ["gone"]:
            return 404, status_of(404, "NotFound", f'pods "{pod}" not found')
        if way == "proxy":
            return self.proxied(handler, pod, "/" + path)
        protocols = [each.strip() for each in handler.headers.get("Sec-WebSocket-Protocol", "").split(",")]
        if handler.headers.get("Accept", "*/*") != "*/*":
            return 406, status_of(406, "NotAcceptable", "only the following media types are accepted: text/plain")
        fault = self.fault(pod)
        spoken = next((each for each in protocols if each in (self.protocols if way == "exec" else ("v4.channel.k8s.io",))), None)
        if spoken is None or handler.headers.get("Upgrade", "").lower() != "websocket":
            return 400, status_of(400, "BadRequest", "you must specify at least one protocol")
        handler.close_connection = True
        handler.send_response(101, "Switching Protocols")
        accept = accept_of(handler.headers["Sec-WebSocket-Key"])
        for header, value in (("Upgrade", "websocket"), ("Connection", "Upgrade"),
                              ("Sec-WebSocket-Accept", "x" if fault == "no WebSocket" else accept),
                              ("Sec-WebSocket-Protocol", "v9.channel.k8s.io" if fault == "another protocol" else spoken)):
            handler.send_header(header, value)
        handler.end_headers()
        handler.wfile.flush()
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if way == "exec":
                self.execute(Frames(handler), pod, [value for key, value in query if key == "command"], fault)
            else:
                self.forward(Frames(handler), pod, int(dict(query)["ports"]), fault)
        except OSError:
            pass
        finally:
            self.at_once -= 1
        return None

    def proxied(self, handler, pod, path):
        if self.ways["proxy"] == "unreachable":
            self.asked.append(("proxy", pod, path))
            return 503, status_of(503, "ServiceUnavailable", "error trying to reach service: dial tcp: connect: no route to host")
        if self.ways["proxy"] == "silent":
            self.asked.append(("proxy", pod, path))
            self.ended.wait(30)
            return None
        if self.ways["proxy"] == "loopback":
            self.asked.append(("proxy", pod, path))
            return 401, "Unauthorized\n"
        return self.answer("proxy", pod, path)

    def forward(self, frames, pod, port, fault):
        mark = struct.pack("<H", port)
        if fault == "in pieces":
            for channel in (b"\0", b"\1"):
                for byte in mark:
                    frames.send(channel + bytes([byte]))
        else:
            frames.send(b"\0" + mark)
            frames.send(b"\1" + mark)
        if fault == "refused port":
            frames.send(b"\1" + f"error forwarding port {port} to pod: connection refused".encode())
            return self.ended.wait(30)
        frames.send(b"are you there", PING)
        text = b""
        while True:
            while b"\r\n\r\n" not in text:
                message = frames.message()
                if message is None:
                    return None
                text += message[1:]
            head, _, text = text.partition(b"\r\n\r\n")
            path = head.split()[1].decode()
            if not self.respond(frames, *self.answer("portforward", pod, path), fault):
                return None

    def respond(self, frames, status, body, fault):
        """True when the connection takes another request."""
        body = body.encode()
        if fault == "chunked":
            parts = [body[i:i + 100] for i in range(0, len(body), 100)]
            body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
            length = b"Transfer-Encoding: chunked"
        else:
            length = b"Content-Length: %d" % len(body)
        if fault == "no length":
            length = b"X: y"
        head = b"HTTP/1.1 %d OK\r\n%s\r\nContent-Type: application/json\r\n" % (status, length)
        if not self.keeps:
            head += b"Connection: close\r\n"
        text = head + b"\r\n" + body
        if fault == "no HTTP":
            text = b"SSH-2.0-OpenSSH\r\n"
        if fault in ("cut", "hang", "farewell"):
            frames.send(b"\0" + text[:len(text) // 2])
            if fault == "hang":
                self.ended.wait(30)
            if fault == "farewell":
                frames.send(struct.pack("!H", 1000), CLOSE)
            return False
        if fault == "wrong frames":
            frames.send(b"\0" + text, first=0xF0)  # with bits that no extension was agreed on for
            self.ended.wait(30)
            return False
        for i in range(0, len(text), 7 if fault == "in pieces" else 32768):
            frames.send(b"\0" + text[i:i + (7 if fault == "in pieces" else 32768)])
        if fault == "no length":
            frames.send(struct.pack("!H", 1000), CLOSE)
            return False
        return self.keeps

    def execute(self, frames, pod, command, fault):
        path = command[-1]
        status, body = self.answer("exec", pod, path)
        if fault == "fails":
            frames.send(b"\2" + b"Error: failed to execute command\n")
            frames.send(b"\3" + json.dumps({"metadata": {}, "status": "Failure", "message": "command terminated with non-zero exit code",
                                            "reason": "NonZeroExitCode", "details": {"causes": [{"reason": "ExitCode", "message": "7"}]}}).encode())
        elif fault == "no such program":
            frames.send(b"\3" + json.dumps({"metadata": {}, "status": "Failure", "message": "executable file not found in $PATH",
                                            "reason": "InternalError"}).encode())
        elif fault != "cut":
            assert status == 200
            for i in range(0, len(body), 1000):
                frames.send(b"\1" + body[i:i + 1000].encode())
            frames.send(b"\3" + json.dumps({"metadata": {}, "status": "Success"}).encode())
        else:
            frames.send(b"\1" + body[:10].encode())
            return
        frames.send(struct.pack("!H", 1000), CLOSE)


def status_of(code, reason, message):
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message, "reason": reason, "code": code}
