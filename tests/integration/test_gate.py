"""The local gate end to end: resolvers that go dark, lie and refuse, a network that is cut off; what is told, and silence."""

import json
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import dns.rcode
import pytest

from lab import faults, notifiers
from lab.proc import wait_until
from lab.records import make_rrset
from lab.scripted import edit_all, wait_watched
from lab.zones import DOMAIN

NO_MX = f"- {DOMAIN} MX"
MX = (f"+ {DOMAIN} MX 10 alpha.{DOMAIN}.", f"+ {DOMAIN} MX 20 beta.{DOMAIN}.")
SILENCE_S = 5       # several ticks and rounds of the shortened intervals
HERE = pathlib.Path(__file__).resolve().parent


def rewriting(exchange):
    """What does not exist has the address of a search page."""
    response = exchange.honest()
    if response.rcode() != dns.rcode.NXDOMAIN:
        return faults.honest(exchange)
    response = exchange.empty()
    response.answer.append(make_rrset(exchange.question.name, "A", ["45.33.2.79"]))
    return [exchange.reply(response)]


def script_all(servers, fault):
    for server in servers:
        server.heal()
        server.script(fault)


def told(sink):
    """(kind, finding id or domain, from, to) of all events, in their order."""
    return [(event["kind"], event["domain"] or event["findings"][0]["id"], event["from"], event["to"])
            for event in sink.events()]


def wait_told(sink, *row):
    wait_until(lambda: row in told(sink), f"{row} among {told(sink)}")


BLIND = ("monitor", "mon-blind", "ok", "critical")
SEES = ("monitor", "mon-blind", "critical", "ok")


@pytest.fixture
def watching(servers, sink, start_daemon):
    """watching(**more): a daemon that watches the one domain, in its second round at least."""
    def start(**more):
        daemon = start_daemon(servers, [DOMAIN], [notifiers.webhook("hook", sink.url())], timeout="1s", **more)
        wait_watched(servers, DOMAIN)
        return daemon
    return start


@pytest.mark.parametrize("fault", [faults.silence, faults.servfail(), faults.refused(), rewriting],
                         ids=["silent", "failing", "refusing", "lying"])
def test_all_resolvers_at_once(servers, sink, watching, fault):
    """One event and its end, whatever they do; what broke meanwhile is told after it, what did not never."""
    watching()
    script_all(servers, fault)
    wait_told(sink, *BLIND)
    edit_all(servers, NO_MX)
    time.sleep(SILENCE_S)
    assert told(sink) == [BLIND]
    script_all(servers, faults.honest)
    sink.wait_event("problem", DOMAIN)
    edit_all(servers, *MX)
    sink.wait_event("recovery", DOMAIN)
    assert told(sink) == [BLIND, SEES, ("problem", DOMAIN, "ok", "critical"), ("recovery", DOMAIN, "critical", "ok")]


def test_event_of_blindness(servers, sink, watching):
    """What a receiver reads: no domain, no check, who failed and how, and what to do."""
    watching()
    for server in servers[:2]:
        server.script(faults.refused())
    wait_told(sink, *BLIND)
    event = sink.events()[0]
    assert event["domain"] is None and event["check"] is None
    finding, = event["findings"]
    assert (finding["severity"], finding["subject"]) == ("critical", "network")
    addresses = [server.address for server in servers]
    assert finding["votes"] == {"yes": addresses[:2], "no": addresses[2:], "unknown": []}
    assert finding["fix"] and finding["message"] in event["summary"]
    assert all(f"{address} refus" in finding["message"] for address in addresses[:2])
    assert any(command.startswith("dig . NS @127.0.0.1") for command in finding["reproduce"])
    asked = servers[2].asked(DOMAIN, "MX")
    time.sleep(SILENCE_S)
    assert servers[2].asked(DOMAIN, "MX") == asked, "a round began in the dark"
    for server in servers:
        server.heal()
    wait_told(sink, *SEES)
    event = sink.events()[-1]
    assert event["findings"] == [finding] and event["duration_s"] >= 1 and event["since"] < event["time"]


@pytest.mark.parametrize("fault, finding", [(faults.silence, "mon-resolver-down"), (faults.servfail(), "mon-resolver-down"),
                                            (faults.refused(), "mon-resolver-refused"), (rewriting, "mon-resolver-filter")],
                         ids=["silent", "failing", "refusing", "lying"])
def test_one_resolver(servers, sink, watching, fault, finding):
    """An event of its own and its end; the other two go on."""
    watching(resolver_down_after="3s")
    servers[0].script(fault)
    begin, end = ("monitor", finding, "ok", "warning"), ("monitor", finding, "warning", "ok")
    wait_told(sink, *begin)
    event = sink.events()[0]["findings"][0]
    assert event["subject"] == servers[0].address and event["votes"]["yes"] == [servers[0].address] and event["fix"]
    edit_all(servers, NO_MX)
    sink.wait_event("problem", DOMAIN)
    edit_all(servers, *MX)
    sink.wait_event("recovery", DOMAIN)
    servers[0].heal()
    wait_told(sink, *end)
    time.sleep(SILENCE_S)
    assert told(sink) == [begin, ("problem", DOMAIN, "ok", "critical"), ("recovery", DOMAIN, "critical", "ok"), end]


def test_hidden(servers, sink, watching):
    watching(resolver_down_after="1s", severity={"mon-resolver-down": "off", "mon-resolver-refused": "critical"})
    servers[0].script(faults.silence)
    time.sleep(SILENCE_S)
    assert told(sink) == []
    servers[0].heal()
    servers[0].script(faults.refused())
    wait_told(sink, "monitor", "mon-resolver-refused", "ok", "critical")


def test_restart_while_blind(servers, sink, watching):
    """kill -9 and a restart in the dark: not told again, and the end is not forgotten."""
    daemon = watching()
    script_all(servers, faults.silence)
    wait_told(sink, *BLIND)
    daemon.kill()
    daemon.start()
    time.sleep(SILENCE_S)
    assert daemon.stop() == 0
    daemon.start()
    time.sleep(SILENCE_S)
    assert told(sink) == [BLIND]
    script_all(servers, faults.honest)
    wait_told(sink, *SEES)
    time.sleep(SILENCE_S)
    assert told(sink) == [BLIND, SEES]


def test_stopped_process(servers, sink, watching):
    """A process that stood still for long finds another world: the resolvers first, then the domains."""
    daemon = watching(failure_threshold=1, success_threshold=1, confirm_age={each: "0s" for each in
                                                                           ("critical", "warning", "recovery")})
    daemon.process.signal(signal.SIGSTOP)
    script_all(servers, rewriting)
    edit_all(servers, f"- {DOMAIN} TREE")
    time.sleep(SILENCE_S)
    daemon.process.signal(signal.SIGCONT)
    wait_told(sink, *BLIND)
    daemon.wait_log("the clock has made a leap")
    time.sleep(SILENCE_S)
    assert told(sink) == [BLIND]


def test_network_cut_off(tmp_path):
    """The whole daemon in a network of its own, whose only interface goes down and comes back."""
    unshare = [shutil.which("unshare"), "--user", "--map-root-user", "--net", "--"]
    if subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no network namespace here")
    done = subprocess.run([*unshare, sys.executable, HERE / "cut_network.py", tmp_path], capture_output=True, text=True,
                          timeout=120, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(event["kind"], event["domain"], event["to"]) for event in events] == \
        [("problem", "kaputt-lab.net", "critical"), ("monitor", None, "critical"), ("monitor", None, "ok"),
         ("problem", DOMAIN, "critical")]
    assert [event["findings"][0]["id"] for event in events[1:3]] == ["mon-blind"] * 2 and events[2]["duration_s"] >= 5
