"""The notifier rows of the fault matrix, N1 to N10, N15 and N16: each test is a row, or a part of it. The storage rows are in
test_n_store.py. What takes hours or days of a daemon's life is a scenario in virtual time, run from here."""

import os
import select
import socket
import ssl
import time

import pytest

from lab import control, notifiers
from lab.proc import free_port, wait_until
from lab.rsyslog import UnixSyslog
from lab.scenario import run_scenario
from lab.scripted import edit_all, wait_watched
from lab.sink import Drip, Drop, Endless, Hang, Sink, Status, redirect
from lab.tls import TlsSink, make_certificate
from lab.zones import DOMAIN

NO_MX = f"- {DOMAIN} MX"
MX = (f"+ {DOMAIN} MX 10 alpha.{DOMAIN}.", f"+ {DOMAIN} MX 20 beta.{DOMAIN}.")
QUIET_S = 3         # the first retry is after two seconds at most


def break_domain(servers):
    wait_watched(servers, DOMAIN)
    edit_all(servers, NO_MX)


def same_message(received):
    """One id, one body, byte for byte; returns how often it came."""
    assert len({each.id for each in received}) == 1, [each.id for each in received]
    assert len({each.body for each in received}) == 1
    return len(received)


@pytest.fixture
def watching(servers, start_daemon):
    """watching(*notifiers): a daemon that watches the one domain."""
    return lambda *entries, **more: start_daemon(servers, [DOMAIN], entries, **more)


@pytest.fixture
def other(stack):
    """A receiver that is well."""
    return stack.enter_context(Sink())


# --- N1: webhook 500, 503, 429 + Retry-After

@pytest.mark.parametrize("bad", [Status(500), Status(503), Status(429, {"Retry-After": "1"}), Status(408), Drop()],
                         ids=["500", "503", "429", "408", "drop"])
def test_n01_failures_that_may_pass_are_tried_again(bad, servers, sink, watching):
    """With the same id and body, soon."""
    sink.plan(bad)
    watching(notifiers.webhook("hook", sink.url()))
    break_domain(servers)
    received = sink.wait(count=2)
    assert same_message(received) == 2 and received[1].status == 200


def test_n01_retry_after_is_honoured(servers, sink, watching):
    """Four seconds are asked for; the second try is not before three."""
    sink.plan(Status(429, {"Retry-After": "4"}))
    watching(notifiers.webhook("hook", sink.url()))
    break_domain(servers)
    first, second = sink.wait(count=2)[:2]
    assert second.at - first.at > 3


@pytest.mark.parametrize("value", ["999999", "9" * 40], ids=["days", "ages"])
def test_n01_retry_after_is_an_hour_at_most(value, servers, sink, watching):
    sink.default = Status(503, {"Retry-After": value})
    daemon = watching(notifiers.webhook("hook", sink.url()))
    break_domain(servers)
    assert "try 2 in 3600000 ms" in daemon.wait_log("(HTTP 503)")[0]


def test_n01_given_up_at_max_age_and_told():
    """Never before; then it is logged, counted, and told to the other notifier."""
    run_scenario("expiry")


# --- N2: 4xx

@pytest.mark.parametrize("code", [400, 401, 404, 410])
def test_n02_refusal_parks_and_is_told(code, servers, sink, other, watching):
    """Kept and tried every hour; the other notifier hears of it, and its own alert was never late."""
    sink.default = Status(code)
    daemon = watching(notifiers.webhook("hook", sink.url()), notifiers.webhook("other", other.url()))
    break_domain(servers)
    other.wait_event("problem", DOMAIN)
    assert f"notifier hook rejects alerts (HTTP {code})" in other.wait_event("monitor")["summary"]
    assert "parked, tried again every hour" in daemon.wait_log(f"(HTTP {code})")[0]
    time.sleep(QUIET_S)
    assert len(sink.events("problem")) == 1


def test_n02_parked_ones_are_delivered_at_last():
    run_scenario("receiver-parks")


# --- N3: timeout, accept then silence, one octet a second

@pytest.mark.parametrize("bad", [Hang(), Drip(1.0)], ids=["hang", "drip"])
def test_n03_stuck_receiver_delays_no_other(bad, servers, sink, other, watching):
    sink.default = bad
    watching(notifiers.webhook("hook", sink.url(), timeout="2s"), notifiers.webhook("other", other.url()))
    break_domain(servers)
    other.wait_event("problem", DOMAIN)
    edit_all(servers, *MX)
    other.wait_event("recovery", DOMAIN)
    assert same_message(sink.wait(count=2)) >= 2, "the stuck one is tried again, in its order"


def test_n03_connection_that_is_never_accepted(servers, other, watching, stack):
    """The backlog of a listener that accepts nothing is full: connecting hangs."""
    full = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
    port = full.getsockname()[1]
    for _ in range(4):
        filler = stack.enter_context(socket.socket())
        filler.setblocking(False)
        filler.connect_ex(("127.0.0.1", port))
    daemon = watching(notifiers.webhook("hook", f"http://127.0.0.1:{port}/", timeout="2s"),
                      notifiers.webhook("other", other.url()))
    break_domain(servers)
    other.wait_event("problem", DOMAIN)
    daemon.wait_log("notifier hook: delivery")


# --- N4: endless response, gzip bomb

def test_n04_endless_body_is_delivered_and_cut(servers, sink, watching):
    """2xx and a complete head are enough; of the body a little is read and thrown away. No encoding is asked for."""
    endless = Endless()
    sink.default = endless
    daemon = watching(notifiers.webhook("hook", sink.url()))
    break_domain(servers)
    received = sink.wait()[0]
    assert "accept-encoding" not in received.headers
    time.sleep(QUIET_S)
    assert same_message(sink.received) == 1
    assert endless.sent < 64 << 20 and daemon.process.running()


def test_n04_compressed_body_is_not_unpacked(servers, sink, watching):
    sink.default = Status(200, {"Content-Encoding": "gzip"}, body=b"\x1f\x8b" + b"\0" * 60000)
    daemon = watching(notifiers.webhook("hook", sink.url()))
    break_domain(servers)
    sink.wait()
    wait_until(lambda: daemon.pending() == 0, "the acknowledgement in the store")


# --- N5: redirects

@pytest.mark.parametrize("code", [301, 302, 307])
@pytest.mark.parametrize("target", ["file:///etc/passwd", "http://169.254.169.254/latest", "/hook"])
def test_n05_redirects_are_not_followed(code, target, servers, sink, other, watching):
    """One request, no second one anywhere; it counts as a refusal."""
    sink.default = redirect(target, code)
    watching(notifiers.webhook("hook", sink.url()), notifiers.webhook("other", other.url()))
    break_domain(servers)
    assert f"HTTP {code} (redirects are not followed)" in other.wait_event("monitor")["summary"]
    time.sleep(1)
    assert len(sink.received) == 1


# --- N6: TLS

@pytest.mark.parametrize("quality, reason", [
    ({"end": "20260201000000Z"}, "certificate has expired"),
    ({"subject": "IP:127.0.0.2"}, "127.0.0.1"),
    ({}, "self")], ids=["expired", "wrong-host", "self-signed"])
def test_n06_certificates_that_cannot_be_trusted(quality, reason, servers, other, watching, stack, tmp_path):
    """Nothing is sent; the reason is told to the other notifier."""
    certificate, key = make_certificate(tmp_path, "bad", **quality)
    sink = stack.enter_context(TlsSink(certificate, key))
    trust = {} if reason == "self" else {"ca_file": str(certificate)}
    watching(notifiers.webhook("hook", sink.url(), **trust), notifiers.webhook("other", other.url()))
    break_domain(servers)
    assert reason in other.wait_event("monitor")["summary"]
    assert sink.received == []


def test_n06_certificate_of_a_private_authority(servers, watching, stack, tmp_path):
    certificate, key = make_certificate(tmp_path, "good")
    sink = stack.enter_context(TlsSink(certificate, key))
    watching(notifiers.webhook("hook", sink.url(), ca_file=str(certificate)))
    break_domain(servers)
    sink.wait_event("problem", DOMAIN)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1")
def test_n06_old_tls_is_not_spoken(servers, watching, stack, tmp_path):
    certificate, key = make_certificate(tmp_path, "good")
    sink = stack.enter_context(TlsSink(certificate, key, newest=ssl.TLSVersion.TLSv1_1))
    daemon = watching(notifiers.webhook("hook", sink.url(), ca_file=str(certificate)))
    break_domain(servers)
    daemon.wait_log("notifier hook: delivery")
    assert sink.received == []


def test_n06_handshake_that_is_cut_off(servers, other, watching, stack):
    listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    watching(notifiers.webhook("hook", f"https://127.0.0.1:{listener.getsockname()[1]}/"),
             notifiers.webhook("other", other.url()))
    break_domain(servers)
    for _ in range(2):          # it comes back
        assert select.select([listener], [], [], 20)[0], "a connection"
        connection, _ = listener.accept()
        connection.recv(100)
        connection.close()
    other.wait_event("problem", DOMAIN)


# --- N7: accepted, but the acknowledgement is lost

def test_n07_lost_acknowledgement(servers, sink, watching):
    """The same id and the same octets again, so that the receiver can tell."""
    sink.plan(Drop(reset=True))
    watching(notifiers.webhook("hook", sink.url()))
    break_domain(servers)
    received = sink.wait(count=2)
    assert same_message(received) == 2 and received[1].status == 200


# --- N8: the name of the webhook does not resolve

def test_n08_name_that_does_not_resolve(servers, other, watching):
    """The lookup is none of the loop's business: it goes on, and so does the other notifier."""
    daemon = watching(notifiers.webhook("hook", "https://hook.mxwatch-test.invalid/"),
                      notifiers.webhook("other", other.url()))
    break_domain(servers)
    other.wait_event("problem", DOMAIN)
    daemon.wait_log("name lookup")
    edit_all(servers, *MX)
    other.wait_event("recovery", DOMAIN)
    assert daemon.loop_lag()[1] < 500, "ten times the limit: this machine is shared and the programs are sanitized"


# --- N9: down for days while thousands of alerts come

def test_n09_a_full_outbox_folds_and_says_so(servers, sink, other, start_daemon):
    """Tests of a dead notifier stand for alerts: the share is full, older ones go, what stays says how many it stands for."""
    sink.default = Status(503, {"Retry-After": "5"})
    daemon = start_daemon(servers, [DOMAIN], [notifiers.webhook("hook", sink.url()),
                                              notifiers.webhook("other", other.url())], outbox_deliveries=20)
    for _ in range(12):
        control.call(daemon.socket, "POST", "test-notify", {"notifier": "hook"})
    assert "its share of the outbox is full" in other.wait_event("monitor")["summary"]
    assert daemon.log_lines("notifier hook: its share of the outbox is full")
    assert daemon.pending() <= 11
    sink.default = Status()
    received = sink.wait(lambda each: each.status == 200, count=9)
    counts = [int(each.headers.get("mxwatch-coalesced", 0)) for each in received]
    wait_until(lambda: daemon.pending() == 0, "an empty outbox")
    assert sum(counts) + len(sink.wait(lambda each: each.status == 200)) == 12


def test_n09_days_of_turns():
    """A key that turns for days, restarts in between: bounded, in order, well-formed, the newest state at the end."""
    run_scenario("outbox-full")


# --- N10: /dev/log absent, restarted, full, with a stalled reader

def test_n10_socket_that_comes_late_and_again(servers, tmp_path, stack, watching):
    """The socket is absent at first, then there, then another one."""
    path = tmp_path / "late.sock"
    daemon = watching(notifiers.syslog_unix("log", path))
    break_domain(servers)
    daemon.wait_log("mx-none")
    first = UnixSyslog(path)
    try:
        assert "id=" in first.wait("mx-none")
    finally:
        first.close()
    second = stack.enter_context(UnixSyslog(path))
    edit_all(servers, *MX)
    assert "recovered" in second.wait("was CRITICAL")


def test_n10_stalled_reader(servers, other, tmp_path, stack, watching):
    """A socket whose queue is full stops its own alerts only; nobody waits in a system call."""
    path = tmp_path / "stalled.sock"
    stalled = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
    stalled.bind(str(path))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as filler:
        filler.setblocking(False)
        with pytest.raises(BlockingIOError):
            while True:
                filler.sendto(b"x", str(path))
        daemon = watching(notifiers.syslog_unix("log", path), notifiers.webhook("other", other.url()))
        break_domain(servers)
        other.wait_event("problem", DOMAIN)
        assert daemon.loop_lag()[1] < 500
    os.set_blocking(stalled.fileno(), False)
    texts = []

    def drain():
        while select.select([stalled], [], [], 0)[0]:
            texts.append(stalled.recv(65536))
        return any(b"mx-none" in text for text in texts)
    wait_until(drain, "the line once somebody reads", timeout=60)


# --- N15: receivers that reject old timestamps, and repetitions

def test_n15_the_timestamp_is_that_of_the_sending(servers, sink, watching):
    """`time` in the body stays; `webhook-timestamp` is new in each try, so a late one is not taken for a replay."""
    sink.plan(Status(503), Status(503))
    watching(notifiers.webhook("hook", sink.url()))
    break_domain(servers)
    received = sink.wait(count=3)
    assert same_message(received) >= 3
    stamps = [int(each.headers["webhook-timestamp"]) for each in received]
    assert stamps == sorted(stamps) and stamps[-1] > stamps[0]
    assert abs(stamps[-1] - time.time()) < 60


# --- N16: two notifiers, one dead

def test_n16_a_dead_notifier_delays_no_other(servers, other, watching):
    """Nothing listens at the one; the other gets everything, in order, and the dead one's alerts wait in the store."""
    daemon = watching(notifiers.webhook("dead", f"http://127.0.0.1:{free_port()}/"),
                      notifiers.webhook("other", other.url()))
    break_domain(servers)
    other.wait_event("problem", DOMAIN)
    edit_all(servers, *MX)
    other.wait_event("recovery", DOMAIN)
    assert [event["kind"] for event in other.events(domain=DOMAIN)] == ["problem", "recovery"]
    wait_until(lambda: daemon.pending() == 2, "two deliveries that wait")
