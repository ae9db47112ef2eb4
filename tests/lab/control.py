"""The control socket of a daemon under test: requests as they are, and whole HTTP exchanges."""

import http.client
import json
import socket

TIMEOUT_S = 20


class Connection(http.client.HTTPConnection):
    """http.client over a Unix socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=TIMEOUT_S)
        self._path = str(path)

    def connect(self):
        self.sock = connect(self._path)


def connect(path):
    connected = socket.socket(socket.AF_UNIX)
    connected.settimeout(TIMEOUT_S)
    connected.connect(str(path))
    return connected


def call(path, method, resource, body=None):
    """(status, object) of one request; `body` is an object or None."""
    connection = Connection(path)
    try:
        text = None if body is None else json.dumps(body)
        connection.request(method, f"/api/v1/{resource}", body=text)
        answer = connection.getresponse()
        assert answer.getheader("Content-Type") == "application/json"
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def raw(path, octets):
    """Everything that comes back for these octets until the other side closes."""
    with connect(path) as connected:
        try:
            connected.sendall(octets)
        except OSError:
            pass    # refused before all was sent: what was said is still there
        parts = []
        while True:
            try:
                part = connected.recv(65536)
            except ConnectionResetError:
                break
            if not part:
                break
            parts.append(part)
    return b"".join(parts)


def status_of(answer):
    """The status of a raw answer, or None for nothing."""
    return int(answer.split(b" ", 2)[1]) if answer else None
