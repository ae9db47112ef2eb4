"""Silences, acknowledgements, windows, routes and tests of notifiers, by the commands and the control socket."""

import datetime
import os
import pathlib
import socket
import stat
import subprocess
import time

import pytest

from lab import control, notifiers
from lab.command import run
from lab.proc import wait_until
from lab.scripted import edit_all, wait_watched
from lab.sink import Hang, Sink, Status
from lab.zones import DOMAIN

NO_MX = f"- {DOMAIN} MX"
MX = (f"+ {DOMAIN} MX 10 alpha.{DOMAIN}.", f"+ {DOMAIN} MX 20 beta.{DOMAIN}.")
QUIET_S = 4    # several intervals of the lab's daemons


@pytest.fixture
def watching(servers, sink, start_daemon):
    """watching(**more): a daemon that watches the one domain and tells one webhook."""
    def start(**more):
        daemon = start_daemon(servers, [DOMAIN], [notifiers.webhook("hook", sink.url())], **more)
        wait_watched(servers, DOMAIN)
        return daemon
    return start


def mxwatch(daemon, *arguments):
    return run(*arguments, "--socket", daemon.socket)


def silence(daemon, *more, domain=DOMAIN, duration="1h"):
    done = mxwatch(daemon, "silence", domain, "--for", duration, "--reason", "moving house", *more)
    assert done.code == 0, done.err
    return done


def kinds(sink):
    return [each.json["kind"] for each in sink.received]


def test_silenced_domain_is_told_when_the_silence_ends(servers, sink, watching):
    """The problem comes in the silence and is not told; what is still wrong at the end is told once."""
    daemon = watching()
    silence(daemon, duration="10s")
    edit_all(servers, NO_MX)
    daemon.wait_log("not told: silence")
    assert sink.received == []
    assert sink.wait_event("problem", DOMAIN, timeout=30)["to"] == "critical"
    time.sleep(QUIET_S)
    assert kinds(sink) == ["problem"]


def test_what_is_over_before_the_end_is_never_told(servers, sink, watching):
    daemon = watching()
    silence(daemon)
    edit_all(servers, NO_MX)
    daemon.wait_log("mx CRITICAL")
    edit_all(servers, *MX)
    daemon.wait_log("recovered after")
    mxwatch(daemon, "unsilence", "1")
    time.sleep(QUIET_S)
    assert sink.received == []


def test_recovery_in_a_silence_is_told_at_its_end(servers, sink, watching):
    """Who was told the problem is not left with it."""
    daemon = watching()
    edit_all(servers, NO_MX)
    sink.wait_event("problem", DOMAIN)
    silence(daemon)
    edit_all(servers, *MX)
    daemon.wait_log("not told: silence")
    assert kinds(sink) == ["problem"]
    mxwatch(daemon, "unsilence", "1")
    sink.wait_event("recovery", DOMAIN)


def test_silence_survives_a_kill(servers, sink, watching):
    daemon = watching()
    silence(daemon)
    daemon.kill()
    daemon.start()
    edit_all(servers, NO_MX)
    daemon.wait_log("not told: silence")
    assert sink.received == []
    assert "moving house" in mxwatch(daemon, "silences").out


def test_silence_of_one_check(servers, sink, watching):
    daemon = watching()
    silence(daemon, "--check", "spf")
    edit_all(servers, NO_MX)
    sink.wait_event("problem", DOMAIN)


def test_list_and_remove(watching):
    daemon = watching()
    assert mxwatch(daemon, "silences").out == "nothing is silenced or acknowledged\n"
    assert silence(daemon).out.startswith(f"silence 1: {DOMAIN}, until 20")
    silence(daemon, domain="*." + DOMAIN)
    listed = mxwatch(daemon, "silences", "--format", "json").report["silences"]
    assert [(each["id"], each["domain"], each["reason"]) for each in listed] == [
        (1, DOMAIN, "moving house"), (2, "*." + DOMAIN, "moving house")]
    assert mxwatch(daemon, "unsilence", "1").out.startswith(f"removed: silence 1: {DOMAIN}")
    again = mxwatch(daemon, "unsilence", "1")
    assert (again.code, again.err) == (3, "mxwatch: there is no silence 1\n")
    silence(daemon)
    assert [each["id"] for each in control.call(daemon.socket, "GET", "silences")[1]["silences"]] == [2, 3]


def test_expired_silence_is_forgotten(watching):
    daemon = watching()
    silence(daemon, duration="1s")
    wait_until(lambda: control.call(daemon.socket, "GET", "silences")[1]["silences"] == [], "the end of the silence")


def test_acknowledged_problem_is_not_reminded_of(servers, sink, watching):
    """Reminders come every second until somebody knows; the next incident is another one."""
    daemon = watching(reminders=["1s", "2s", "3s", "4s", "5s", "6s", "7s", "8s", "9s", "10s", "11s", "12s"])
    edit_all(servers, NO_MX)
    sink.wait_event("problem", DOMAIN)
    sink.wait_event("reminder", DOMAIN)
    done = mxwatch(daemon, "ack", DOMAIN, "--reason", "on it")
    assert done.code == 0 and done.out.startswith(f"acknowledged: {DOMAIN} mx, the problem since 20")
    before = len(sink.received)
    time.sleep(QUIET_S)
    assert len(sink.received) <= before + 1    # one may have been under way
    assert len(control.call(daemon.socket, "GET", "silences")[1]["acks"]) == 1
    edit_all(servers, *MX)
    sink.wait_event("recovery", DOMAIN)
    n_told = len(sink.received)
    edit_all(servers, NO_MX)
    wait_until(lambda: "reminder" in kinds(sink)[n_told:], "a reminder of the next incident", timeout=30)


def test_acknowledgement_survives_a_kill(servers, sink, watching):
    daemon = watching(reminders=[f"{n}s" for n in range(3, 19)])
    edit_all(servers, NO_MX)
    sink.wait_event("problem", DOMAIN)
    assert mxwatch(daemon, "ack", DOMAIN, "--check", "mx").code == 0
    daemon.kill()
    daemon.start()
    before = len(sink.received)
    time.sleep(QUIET_S + 3)
    assert len(sink.received) <= before + 1


def test_nothing_to_acknowledge(watching):
    done = mxwatch(watching(), "ack", DOMAIN)
    assert (done.code, done.err) == (3, f"mxwatch: {DOMAIN} has no problem to acknowledge\n")


def test_unknown_domain(watching):
    wrong = DOMAIN[:2] + DOMAIN[3:]
    done = mxwatch(watching(), "silence", wrong, "--for", "1h", "--reason", "x")
    assert (done.code, done.err) == (3, f"mxwatch: {wrong} is not watched, did you mean {DOMAIN}?\n")


def test_delivered_test(sink, watching):
    done = mxwatch(watching(), "test-notify", "hook")
    assert (done.code, done.out) == (0, "hook: delivered\n")
    event = sink.received[0].json
    assert (event["kind"], event["domain"], event["check"], event["from"], event["to"]) == (
        "test", None, None, "ok", "ok")
    assert event["summary"].startswith("test of notifier hook")


@pytest.mark.parametrize("answer, code, words", [(Status(404), 3, "hook: rejected"),
                                                 (Status(500), 3, "not delivered within 2s"),
                                                 (Hang(), 3, "not delivered within 2s")])
def test_undelivered_test(answer, code, words, sink, watching):
    sink.default = answer
    done = mxwatch(watching(), "test-notify", "hook", "--timeout", "2s")
    assert done.code == code and words in done.err, done.err


def test_every_test_is_an_event_of_its_own(sink, watching):
    daemon = watching(send_on_resolved=False)
    for _ in range(2):
        assert mxwatch(daemon, "test-notify", "hook").code == 0
    assert len({each.id for each in sink.received}) == 2
    daemon.kill()
    daemon.start()
    assert mxwatch(daemon, "test-notify", "hook").code == 0
    assert len({each.id for each in sink.received}) == 3


def test_unknown_notifier(watching):
    done = mxwatch(watching(), "test-notify", "hok")
    assert (done.code, done.err) == (3, 'mxwatch: there is no notifier "hok", did you mean hook?\n')


def test_maintenance_window(servers, sink, watching):
    """A window of local time, in a zone that is hours away from UTC."""
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=-5)))
    begin, end = now - datetime.timedelta(hours=1), now + datetime.timedelta(hours=1)
    daemon = watching(maintenance=[{"name": "move", "domains": [DOMAIN], "timezone": "Etc/GMT+5",
                                    "once": {"from": begin.strftime("%Y-%m-%d %H:%M"),
                                             "to": end.strftime("%Y-%m-%d %H:%M")}}])
    edit_all(servers, NO_MX)
    daemon.wait_log("not told: maintenance")
    assert sink.received == []
    assert mxwatch(daemon, "silences").out.startswith("maintenance: move, until ")


def test_routes(servers, sink, start_daemon, stack):
    """Critical problems to one, everything else to the other; the recovery goes to who heard of the problem."""
    other = stack.enter_context(Sink())
    start_daemon(servers, [DOMAIN],
                 [notifiers.webhook("pager", sink.url()), notifiers.webhook("log", other.url())],
                 routes=[{"match": {"severity": ["critical"], "kind": ["problem"]}, "notify": ["pager"]},
                         {"notify": ["log"]}])
    wait_watched(servers, DOMAIN)
    edit_all(servers, NO_MX)
    sink.wait_event("problem", DOMAIN)
    edit_all(servers, *MX)
    sink.wait_event("recovery", DOMAIN)
    assert other.received == []


def test_route_of_a_restarted_daemon(servers, sink, start_daemon, stack):
    """Whom an incident was told to outlives a kill and a change of the routes."""
    other = stack.enter_context(Sink())
    daemon = start_daemon(servers, [DOMAIN],
                          [notifiers.webhook("pager", sink.url()), notifiers.webhook("log", other.url())],
                          routes=[{"notify": ["pager"]}])
    wait_watched(servers, DOMAIN)
    edit_all(servers, NO_MX)
    sink.wait_event("problem", DOMAIN)
    daemon.kill()
    text = daemon.config_path.read_text()
    assert text.count("pager") == 2
    daemon.write_config(text.replace("pager", "log", 1))    # the route comes before the notifiers
    daemon.start()
    edit_all(servers, *MX)
    sink.wait_event("recovery", DOMAIN)
    assert other.received == []


# ---- the socket ----

def test_socket_mode_and_removal(watching):
    daemon = watching()
    mode = daemon.socket.stat().st_mode
    assert stat.S_ISSOCK(mode) and stat.S_IMODE(mode) == 0o660
    daemon.stop()
    assert not daemon.socket.exists()


def test_stale_socket_is_replaced(watching):
    daemon = watching()
    daemon.kill()
    assert daemon.socket.exists()
    daemon.start()
    assert control.call(daemon.socket, "GET", "version")[1]["api"] == 1


def test_foreign_socket_and_file_are_left_alone(servers, sink, start_daemon, tmp_path):
    """What listens, and what is no socket, is not ours to remove; the daemon watches on without."""
    path = tmp_path / "taken.sock"
    path.write_text("precious")
    daemon = start_daemon(servers, [DOMAIN], [notifiers.webhook("hook", sink.url())], control_socket=str(path))
    daemon.wait_log("there is something else than a socket")
    assert path.read_text() == "precious"
    path.unlink()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        daemon.reload()
        daemon.wait_log("another process listens there")
    daemon.reload()
    assert control.call(path, "GET", "version")[0] == 200
    edit_all(servers, NO_MX)
    sink.wait_event("problem", DOMAIN)


def test_socket_off_and_moved_by_reload(watching, tmp_path):
    daemon = watching()
    text = daemon.config_path.read_text()
    daemon.write_config(text + '\ncontrol_socket: "off"\n')
    daemon.reload()
    assert not daemon.socket.exists()
    daemon.write_config(text + f"\ncontrol_socket: {tmp_path}/other.sock\n")
    daemon.reload()
    assert control.call(tmp_path / "other.sock", "GET", "version")[0] == 200


def test_no_daemon(tmp_path):
    done = run("silences", "--socket", tmp_path / "none.sock")
    assert done.code == 3 and "is mxwatchd running?" in done.err


@pytest.mark.skipif(os.getuid() != 0, reason="needs another user")
def test_permission_denied(watching):
    daemon = watching()
    for folder in [daemon.socket.parent, *daemon.socket.parents]:
        if folder.owner() == "root" and folder != pathlib.Path("/"):
            folder.chmod(folder.stat().st_mode | 0o011)
    probe = ("import socket, sys\ns = socket.socket(socket.AF_UNIX)\n"
             "try:\n s.connect(sys.argv[1])\nexcept PermissionError:\n sys.exit(7)\n")
    done = subprocess.run(["/usr/bin/python3", "-c", probe, str(daemon.socket)], user=65534, group=65534,
                          extra_groups=[], timeout=30, check=False)
    assert done.returncode == 7


HEAD = b"GET /api/v1/version HTTP/1.1\r\nHost: localhost\r\n"
RAW = [
    (HEAD + b"\r\n", 200),
    (b"GET /api/v1/version HTTP/1.1\r\n\r\n", 400),
    (HEAD + b"Host: b\r\n\r\n", 400),
    (HEAD.replace(b"\r\n", b"\n") + b"\n", None),
    (HEAD + b"X: a\nY: b\r\n\r\n", 400),
    (HEAD + b" folded\r\n\r\n", 400),
    (HEAD + b"X: \0\r\n\r\n", 400),
    (HEAD + b"\r\n" + HEAD + b"\r\n", 400),
    (HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (b"GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n", 404),
    (b"GET /%2e%2e/api HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    (b"PUT /api/v1/silences HTTP/1.1\r\nHost: a\r\n\r\n", 405),
    (b"GET /api/v1/version HTTP/3.0\r\nHost: a\r\n\r\n", 505),
    (b"POST /api/v1/silences HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n", 413),
    (b"POST /api/v1/silences HTTP/1.1\r\nHost: a\r\nContent-Length: 52428800\r\n\r\n" + b"x" * 1000000, 413),
    (b"GET /" + b"a" * 2000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
    (b"GET /a HTTP/1.1\r\n" + b"X: y\r\n" * 10000, 431),
    (b"POST /api/v1/silences HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", 400),
]


def test_odd_requests(watching):
    """Every one gets its status, and none harms the daemon. (What never ends a line in CRLF waits for its deadline.)"""
    daemon = watching()
    for octets, status in RAW:
        if status is not None:
            assert control.status_of(control.raw(daemon.socket, octets)) == status, octets[:100]
    assert control.call(daemon.socket, "GET", "version")[0] == 200
    assert daemon.process.running()


def test_expect_continue(watching):
    body = b'{"domain":"' + DOMAIN.encode() + b'","for":"1h","reason":"x"}'
    with control.connect(watching().socket) as connected:
        connected.sendall(b"POST /api/v1/silences HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                          b"Content-Length: %d\r\n\r\n" % len(body))
        assert connected.recv(1000).startswith(b"HTTP/1.1 100 ")
        connected.sendall(body)
        assert connected.recv(1000).startswith(b"HTTP/1.1 201 ")


def test_slow_and_many_clients(watching):
    """64 connections at most, each with a deadline; one more hears 503, and afterwards all is well."""
    daemon = watching()
    idle = [control.connect(daemon.socket) for _ in range(64)]
    idle[0].sendall(HEAD)
    wait_until(lambda: control.status_of(control.raw(daemon.socket, b"")) == 503, "the limit")
    assert idle[0].recv(1000).startswith(b"HTTP/1.1 408 ")
    assert idle[63].recv(1000) == b""
    for each in idle:
        each.close()
    assert control.call(daemon.socket, "GET", "version")[0] == 200


@pytest.mark.parametrize("arguments, words", [
    (["silence"], "silence: no DOMAIN given"),
    (["silence", "a.example", "--reason", "x"], "silence: no --for given"),
    (["silence", "a.example", "--for", "1h"], "silence: no --reason given"),
    (["silence", "a.example", "b.example", "--for", "1h", "--reason", "x"], 'unexpected argument "b.example"'),
    (["unsilence", "x"], '"x" is no number'),
    (["silences", "x"], 'unexpected argument "x"'),
    (["silences", "--format", "yaml"], "unknown format"),
    (["test-notify", "x", "--timeout", "1"], "is no duration"),
    (["ack", "--resaon", "x"], "did you mean --reason?"),
    (["silnce"], "did you mean silence?"),
])
def test_usage_errors(arguments, words):
    done = run(*arguments)
    assert done.code == 3 and words in done.err and done.out == ""
