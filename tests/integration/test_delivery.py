"""An alert that was decided arrives: killed daemons, killed senders. Receivers that fail are in tests/faults."""

import os
import signal
import time

import pytest

from lab import notifiers, webhooks
from lab.proc import wait_until
from lab.scripted import edit_all, wait_watched
from lab.sink import Hang, Sink, Status
from lab.zones import DOMAIN

NO_MX = f"- {DOMAIN} MX"
SECRET = "whsec_bXh3YXRjaCB0ZXN0IHNlY3JldCBrZXkgMDEyMzQ1"


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


def test_daemon_killed_between_decision_and_delivery(servers, sink, watching):
    """The receiver does not answer, so the alert is decided and not delivered; then the power goes."""
    sink.default = Hang()
    daemon = watching(notifiers.webhook("hook", sink.url()))
    break_domain(servers)
    sink.wait(what="the first try")
    daemon.kill()
    sink.default = Status()
    daemon.start()
    wait_until(lambda: any(each.status == 200 for each in sink.received), "the alert after the restart")
    assert same_message(sink.received) >= 2


def test_sender_killed_between_decision_and_delivery(servers, sink, watching):
    sink.default = Hang()
    daemon = watching(notifiers.webhook("hook", sink.url()))
    break_domain(servers)
    sink.wait(what="the first try")
    sink.default = Status()
    killed = daemon.kill_sender()
    wait_until(lambda: any(each.status == 200 for each in sink.received), "the alert by the new sender")
    assert same_message(sink.received) >= 2
    assert daemon.wait_sender(other_than=killed) != killed


def test_sender_that_is_stuck(servers, sink, watching):
    """A stopped process keeps its socket open and answers nothing: it is found out, and another one delivers."""
    daemon = watching(notifiers.webhook("hook", sink.url()))
    stuck = daemon.wait_sender()
    os.kill(stuck, signal.SIGSTOP)
    break_domain(servers)
    assert sink.wait_event("problem", DOMAIN, timeout=60)["to"] == "critical"
    assert daemon.wait_sender(other_than=stuck) != stuck


def test_daemon_killed_while_the_receiver_is_down(servers, sink, watching):
    """Nothing listens at all; the alert waits in the store across kill -9."""
    port = sink.port
    sink.close()
    daemon = watching(notifiers.webhook("hook", f"http://127.0.0.1:{port}/hook"))
    break_domain(servers)
    daemon.wait_log("mx-none")
    daemon.kill()
    with Sink(port) as later:
        daemon.start()
        assert later.wait_event("problem", DOMAIN)["to"] == "critical"


def test_delivered_is_not_sent_again(servers, sink, watching):
    daemon = watching(notifiers.webhook("hook", sink.url()))
    break_domain(servers)
    sink.wait_event("problem", DOMAIN)
    wait_until(lambda: daemon.pending() == 0, "the acknowledgement in the store")
    daemon.kill()
    daemon.start()
    time.sleep(4)
    assert len(sink.received) == 1


def test_signature(servers, sink, watching, tmp_path):
    secret = webhooks.write_secret(tmp_path / "hook-key", SECRET)
    daemon = watching(notifiers.webhook("hook", sink.url(), secret_file=secret))
    break_domain(servers)
    received = sink.wait()[0]
    assert received.id == received.json["id"]
    assert abs(int(received.headers["webhook-timestamp"]) - time.time()) < 300
    assert webhooks.verify(SECRET, received.headers, received.body)
    assert received.headers["content-type"].startswith("application/json")
    assert SECRET not in daemon.log()


def test_order_of_a_key(servers, sink, watching):
    """The problem fails at first; the recovery does not overtake it."""
    sink.plan(Status(503), Status(503))
    watching(notifiers.webhook("hook", sink.url()))
    break_domain(servers)
    sink.wait()
    edit_all(servers, f"+ {DOMAIN} MX 10 alpha.{DOMAIN}.", f"+ {DOMAIN} MX 20 beta.{DOMAIN}.")
    sink.wait_event("recovery", DOMAIN)
    assert [each.json["kind"] for each in sink.received if each.status == 200] == ["problem", "recovery"]
