"""A webhook receiver on loopback that keeps what it got and misbehaves on request.

    with Sink() as sink:
        sink.plan(Status(503), Status(429, {"Retry-After": "2"}))   # the next two requests
        sink.default = Hang()                                       # and every one after them

A mode is called with the handler after the request has been read and recorded; what it writes to
the socket is the whole response.
"""

import collections
import http.server
import json
import select
import socket
import struct
import threading
import time
from dataclasses import dataclass, field

from .proc import WAIT_S, wait_until

ENDLESS_CHUNK = b"x" * 65536
HOLD_S = 60.0


@dataclass
class Received:
    """One request, as it came."""
    path: str
    headers: dict               # names in lower case
    body: bytes
    at: float                   # time.monotonic() when it had been read
    status: int = None          # what was answered, when an HTTP status was
    method: str = "POST"

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def id(self):
        return self.headers.get("webhook-id")


# --- modes

@dataclass
class Status:
    """An ordinary answer."""
    code: int = 200
    headers: dict = field(default_factory=dict)
    body: bytes = b"ok\n"

    def __call__(self, handler):
        handler.send_response(self.code)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(self.body)))
        handler.end_headers()
        handler.wfile.write(self.body)


def redirect(url, code=302):
    return Status(code, {"Location": url})


class Hang:
    """Accept, read, and never answer; over when the client gives up."""
    code = None

    def __call__(self, handler):
        end = time.monotonic() + HOLD_S
        while time.monotonic() < end and not handler.server.sink.pause(0):
            if select.select([handler.connection], [], [], 0.05)[0]:
                break       # no request comes before its predecessor was answered: this is the end of the connection
        handler.close_connection = True


class Drop:
    """Close without an answer; `reset` sends RST, so that the sender cannot know what arrived."""
    code = None

    def __init__(self, reset=False):
        self.reset = reset

    def __call__(self, handler):
        if self.reset:
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.wfile = open("/dev/null", "wb")     # the base class flushes it
            handler.connection.close()
        handler.close_connection = True


class Drip:
    """A 200 whose head and body come one octet at a time."""
    code = None

    def __init__(self, seconds=1.0):
        self.seconds = seconds

    def __call__(self, handler):
        for octet in b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000:
            handler.wfile.write(bytes([octet]))
            handler.wfile.flush()
            if handler.server.sink.pause(self.seconds):
                break
        handler.close_connection = True


class Endless:
    """A complete 200 head and a body without an end; counts what the sender took of it."""
    code = 200

    def __init__(self):
        self.sent = 0

    def __call__(self, handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        handler.close_connection = True
        while not handler.server.sink.pause(0):
            handler.wfile.write(ENDLESS_CHUNK)
            self.sent += len(ENDLESS_CHUNK)


# --- the server

class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = HOLD_S

    def handle_any(self):
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size)
        headers = {name.lower(): value for name, value in self.headers.items()}
        mode = self.server.sink.take(Received(self.path, headers, body, time.monotonic(),
                                              method=self.command))
        try:
            mode(self)
        except OSError:
            self.close_connection = True    # the sender went away, as it may

    do_POST = do_GET = do_PUT = handle_any

    def log_message(self, *_):
        """Silence: what was received is in `Sink.received`."""


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    sink = None

    def process_request(self, request, client_address):
        self.sink.open_connections.add(client_address)
        super().process_request(request, client_address)

    def process_request_thread(self, request, client_address):
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.sink.open_connections.discard(client_address)

    def handle_error(self, request, client_address):
        """A connection that broke is what half of the tests are about."""


class Sink:
    """See the module's text."""

    def __init__(self, port=0):
        self.received = []
        self.default = Status()
        self._plan = collections.deque()
        self._lock = threading.Lock()
        self._stopping = False
        self.open_connections = set()   # addresses of clients
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.sink = self
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def url(self, path="/hook"):
        return f"http://127.0.0.1:{self.port}{path}"

    def plan(self, *modes):
        """The modes of the next requests, in order; after them `default` answers."""
        with self._lock:
            self._plan.extend(modes)

    def take(self, received):
        """Record a request and choose the mode that answers it."""
        with self._lock:
            mode = self._plan.popleft() if self._plan else self.default
            received.status = getattr(mode, "code", None)
            self.received.append(received)
            return mode

    def wait_idle(self):
        """Until everything was read that a client which is dead by now has sent."""
        with socket.create_connection(("127.0.0.1", self.port)) as last:
            # Connections are accepted in their order: when this one is, all before it are.
            wait_until(lambda: last.getsockname() in self.open_connections, "a connection")
        wait_until(lambda: not self.open_connections, "the end of all connections")

    def pause(self, seconds):
        """Sleep, but not beyond close(); true when the sink is stopping."""
        end = time.monotonic() + seconds
        while not self._stopping and time.monotonic() < end:
            time.sleep(min(0.05, max(0.0, end - time.monotonic())))
        return self._stopping

    def events(self, kind=None, domain=None):
        """The received events in order, as objects; those of other formats have no kind."""
        with self._lock:
            bodies = [each.json for each in self.received]
        return [body for body in bodies
                if kind in (None, body.get("kind")) and domain in (None, body.get("domain"))]

    def wait(self, condition=lambda received: True, count=1, timeout=WAIT_S, what="a webhook request"):
        """The requests that meet `condition`, once there are `count` of them."""
        def found():
            with self._lock:
                matching = [each for each in self.received if condition(each)]
            return matching if len(matching) >= count else None
        return wait_until(found, what, timeout)

    def wait_event(self, kind, domain=None, timeout=WAIT_S):
        """The first event of a kind (and of a domain)."""
        def found():
            return self.events(kind, domain)
        return wait_until(found, f"event {kind} for {domain or 'any domain'}", timeout)[0]

    def close(self):
        self._stopping = True
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
