"""Many domains, one cause: a handful of messages, whatever is killed meanwhile."""

import pytest

from lab import notifiers
from lab.nsd import Nsd
from lab.proc import wait_until

SHARED = "mail.shared-lab.net"
N_DOMAINS = 300
GOOD = "* 60 IN MX 10 mail.shared-lab.net.\n* 60 IN TXT \"v=spf1 mx -all\"\n"


def host(is_alive):
    return ("mail 1 IN A 45.33.2.10\n" if is_alive else "") + "other 60 IN A 45.33.2.11\n"


@pytest.fixture
def provider(stack, tmp_path):
    """Three name servers in the place of resolvers, all with N_DOMAINS domains behind one mail host."""
    servers = []
    for index in range(3):
        directory = tmp_path / f"nsd{index}"
        directory.mkdir()
        servers.append(stack.enter_context(Nsd(directory, {
            "bulk-lab.net": GOOD, "shared-lab.net": host(True),
            "2.33.45.in-addr.arpa": "10 60 IN PTR mail.shared-lab.net.\n"})))
    return servers


def set_host(servers, is_alive):
    for server in servers:
        server.edit("shared-lab.net", host(is_alive))


def start(provider, start_daemon, sink, **more):
    names = [f"d{index}.bulk-lab.net" for index in range(N_DOMAINS)]
    return start_daemon([f"127.0.0.1:{server.port}" for server in provider], names,
                        [notifiers.webhook("hook", sink.url())], checks=["mx"], severity={"mx-single": "off"},
                        interval="3s", retry_interval="1s", group_interval="4s",
                        canaries=[{"name": "bulk-lab.net", "type": "SOA"}], **more)


def of_cause(sink, kind):
    return [event for event in sink.events(kind) if event["check"] == "cause"]


def affected(sink):
    return [event["affects"]["count"] for event in sink.events() if event.get("affects")]


def test_a_dead_mail_host_is_a_handful_of_messages(provider, start_daemon, sink):
    start(provider, start_daemon, sink)
    set_host(provider, False)
    wait_until(lambda: N_DOMAINS in affected(sink), "all domains are counted", 30)
    problem = of_cause(sink, "problem")[0]
    assert (problem["domain"], problem["to"]) == (SHARED, "critical")
    assert {finding["id"] for finding in problem["findings"]} >= {"mx-all-dead"}
    assert problem["affects"]["domains"][0].endswith(".bulk-lab.net")
    assert len(sink.events()) <= 3 + 4
    set_host(provider, True)
    wait_until(lambda: of_cause(sink, "recovery"), "its recovery", 30)
    assert len(sink.events()) <= 2 * 3 + 6
    assert sink.events()[-1]["check"] == "cause" or sink.events()[-1]["kind"] == "recovery"


def test_a_cause_survives_kills(provider, start_daemon, sink):
    """Killed before, while and after it is told: one problem, one recovery, nothing of the domains that it explains."""
    daemon = start(provider, start_daemon, sink)
    set_host(provider, False)
    for _ in range(4):
        wait_until(lambda: daemon.log_lines("not told: group"), "domains that the cause explains", 30)
        daemon.kill()
        daemon.start()
    wait_until(lambda: N_DOMAINS in affected(sink), "all domains are counted", 30)
    set_host(provider, True)
    wait_until(lambda: of_cause(sink, "recovery"), "its recovery", 30)
    assert len({event["id"] for event in of_cause(sink, "problem")}) == 1
    own = {event["domain"] for event in sink.events("problem") if event["check"] == "mx"}
    assert len(own) <= 3
    wait_until(lambda: {event["domain"] for event in sink.events("recovery") if event["check"] == "mx"} == own,
               "the recoveries of those that were told on their own", 15)
