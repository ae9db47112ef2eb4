"""A DNS server over UDP and TCP on one loopback port, honest until a rule says otherwise.

    with ScriptedServer("kontor.net MX 10 mx1.kontor.net") as server:
        server.script(faults.servfail(), "kontor.net", "MX")     # this question only
        server.script(faults.delay(0.5), transport="tcp")        # everything over TCP
        server.heal()                                            # honest again

Rules may be added and dropped while it runs; the newest that matches decides. Replies that wait
do so in a queue, so that a slow server stays slow for each question and not for all together.
"""

import collections
import heapq
import itertools
import selectors
import socket
import struct
import threading
import time
from dataclasses import dataclass, field

import dns.exception
import dns.message
import dns.name
import dns.rdatatype

from . import faults
from .names import absolute
from .proc import wait_until
from .records import Records

HOST = "127.0.0.1"
TCP_IDLE_S = 30.0
BIND_TRIES = 50


@dataclass
class Rule:
    fault: object
    name: object = None
    rdtype: int = None
    transport: str = None
    times: int = None
    used: int = field(default=0)

    def matches(self, question, transport):
        return ((self.name is None or self.name == question.name)
                and (self.rdtype is None or self.rdtype == question.rdtype)
                and (self.transport is None or self.transport == transport)
                and (self.times is None or self.used < self.times))


class ScriptedServer:
    """See the module's text. `tcp=False` leaves the TCP port closed: connections are refused."""

    def __init__(self, zone="", tcp=True):
        self.records = zone if isinstance(zone, Records) else Records(zone)
        self.counts = collections.Counter()
        self.errors = []
        self._rules = []
        self._lock = threading.Lock()
        self._stopping = False
        self._order = itertools.count()
        self._due = []
        self._udp, self._tcp = self._bind(tcp)
        self.port = self._udp.getsockname()[1]
        self._other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._other.bind((HOST, 0))
        self._wake_in, self._wake_out = socket.socketpair()
        loops = [self._serve_udp] + ([self._serve_tcp] if self._tcp else [])
        self._threads = [threading.Thread(target=loop, daemon=True) for loop in loops]
        for thread in self._threads:
            thread.start()

    @staticmethod
    def _bind(with_tcp):
        """A UDP and a TCP socket on the same port; the kernel picks it for UDP, TCP must agree."""
        for _ in range(BIND_TRIES):
            udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
            udp.bind((HOST, 0))
            if not with_tcp:
                return udp, None
            tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tcp.bind(udp.getsockname())
                tcp.listen(128)
                return udp, tcp
            except OSError:
                udp.close()
                tcp.close()
        raise RuntimeError("no port is free for both UDP and TCP")

    @property
    def address(self):
        """As `-r` and the configuration take it."""
        return f"{HOST}:{self.port}"

    # --- what a test says

    def script(self, fault, name=None, rdtype=None, transport=None, times=None):
        """Let `fault` answer what matches; `times` limits it to so many questions. Returns the rule."""
        rule = Rule(fault, None if name is None else absolute(name),
                    None if rdtype is None else dns.rdatatype.from_text(rdtype), transport, times)
        with self._lock:
            self._rules.insert(0, rule)
        return rule

    def drop(self, rule):
        with self._lock:
            self._rules.remove(rule)

    def heal(self):
        """Forget every rule."""
        with self._lock:
            self._rules.clear()

    def asked(self, name, rdtype, transport=None):
        """How often a question came, over one transport or over both."""
        key = (absolute(name), dns.rdatatype.from_text(rdtype))
        transports = (transport,) if transport else ("udp", "tcp")
        with self._lock:
            return sum(self.counts[key + (each,)] for each in transports)

    def total(self):
        with self._lock:
            return sum(self.counts.values())

    # --- answering

    def _answer(self, packet, transport):
        """The actions for one received packet; a packet that is no query gets nothing."""
        try:
            query = dns.message.from_wire(packet, ignore_trailing=True)
            question = query.question[0]
        except (dns.exception.DNSException, IndexError, ValueError):
            return []
        with self._lock:
            key = (question.name, question.rdtype, transport)
            self.counts[key] += 1
            count = self.counts[key]
            rule = next((rule for rule in self._rules if rule.matches(question, transport)), None)
            if rule is not None:
                rule.used += 1
        fault = rule.fault if rule is not None else faults.honest
        try:
            return fault(faults.Exchange(query, transport, count, self.records))
        except Exception as error:      # a mistake in the lab must be told as one, not as a timeout
            self.errors.append(f"{question.to_text()}: {error!r}")
            return []

    def _serve_udp(self):
        selector = selectors.DefaultSelector()
        selector.register(self._udp, selectors.EVENT_READ)
        selector.register(self._wake_out, selectors.EVENT_READ)
        while not self._stopping:
            timeout = max(0.0, self._due[0][0] - time.monotonic()) if self._due else None
            ready = {key.fileobj for key, _ in selector.select(timeout)}
            if self._udp in ready:
                packet, client = self._udp.recvfrom(65535)
                for action in self._answer(packet, "udp"):
                    if isinstance(action, faults.Reply):
                        self._send_later(action, client)
            self._send_due()
        selector.close()

    def _send_later(self, reply, client):
        due = time.monotonic() + reply.after
        heapq.heappush(self._due, (due, next(self._order), reply, client))

    def _send_due(self):
        while self._due and self._due[0][0] <= time.monotonic():
            _, _, reply, client = heapq.heappop(self._due)
            try:
                (self._other if reply.forged else self._udp).sendto(reply.wire, client)
            except OSError:
                pass    # the client closed its socket; that is its right

    def _serve_tcp(self):
        while not self._stopping:
            try:
                connection, _ = self._tcp.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection):
        """One TCP connection: any number of questions, one after the other."""
        connection.settimeout(TCP_IDLE_S)
        with connection:
            try:
                while not self._stopping:
                    size = struct.unpack("!H", self._read(connection, 2))[0]
                    for action in self._answer(self._read(connection, size), "tcp"):
                        if action == faults.CLOSE:
                            return
                        if action == faults.HANG:
                            self._hold()
                            return
                        self._send_stream(connection, action)
            except (OSError, EOFError):
                return

    @staticmethod
    def _read(connection, size):
        data = b""
        while len(data) < size:
            part = connection.recv(size - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def _send_stream(self, connection, reply):
        self._pause(reply.after)
        data = struct.pack("!H", len(reply.wire)) + reply.wire
        if reply.octet_every:
            for octet in data:
                connection.sendall(bytes([octet]))
                self._pause(reply.octet_every)
        else:
            connection.sendall(data)
        if reply.hold:
            self._hold()

    def _hold(self):
        self._pause(TCP_IDLE_S)

    def _pause(self, seconds):
        end = time.monotonic() + seconds
        while not self._stopping and time.monotonic() < end:
            time.sleep(min(0.05, max(0.0, end - time.monotonic())))

    # --- the end

    def close(self):
        if self._stopping:
            return
        self._stopping = True
        self._wake_in.send(b"x")
        if self._tcp:
            try:
                self._tcp.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        for thread in self._threads:
            thread.join(5)
        for each in (self._udp, self._other, self._tcp, self._wake_in, self._wake_out):
            if each:
                each.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.close()
        if self.errors and kind is None:
            raise RuntimeError(f"the scripted server failed itself: {self.errors[:3]}")


def edit_all(servers, *lines):
    """The same edit at every server."""
    for server in servers:
        server.records.edit(*lines)


def wait_watched(servers, domain):
    """Until a daemon has asked twice for the MX: its first round is over then, and what breaks now was OK before."""
    wait_until(lambda: all(server.asked(domain, "MX") >= 2 for server in servers), f"a second round of {domain}")
