"""The name servers of a domain's zone beside the resolvers: two NSDs with the zone, scripted resolvers with their caches."""

import time

import pytest

from lab import command, notifiers
from lab.nsd import Nsd
from lab.scripted import edit_all, wait_watched
from lab.zones import ALPHA4, ALPHA6, BETA4, BETA6, DOMAIN, SPF

QUIET_S = 4    # several intervals of the lab's daemons
ZONE = f"""@ MX 10 alpha
@ MX 20 beta
@ TXT {SPF}
alpha A {ALPHA4}
alpha AAAA {ALPHA6}
beta A {BETA4}
beta AAAA {BETA6}
"""
NO_ADDRESS = ZONE.replace("@ MX 10 alpha\n@ MX 20 beta\n", "@ MX 10 gamma\n")


@pytest.fixture
def nsds(stack, tmp_path):
    """Two name servers with the same zone."""
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made.append(stack.enter_context(Nsd(tmp_path / name, {DOMAIN: ZONE})))
    return made


@pytest.fixture
def watch(servers, sink, start_daemon, nsds):
    """watch(): a daemon that asks both NSDs beside the resolvers."""
    def start(**more):
        addresses = [f"127.0.0.1:{nsd.port}" for nsd in nsds]
        daemon = start_daemon(servers, [{"name": DOMAIN, "authority": {"servers": addresses}}],
                              [notifiers.webhook("hook", sink.url())], **more)
        wait_watched(servers, DOMAIN)
        return daemon
    return start


def find(event, finding_id):
    return next(each for each in event["findings"] if each["id"] == finding_id)


def test_broken_change_is_told_before_a_resolver_has_it(nsds, sink, watch):
    watch()
    time.sleep(QUIET_S)
    assert sink.received == []
    for nsd in nsds:
        nsd.edit(DOMAIN, NO_ADDRESS)
    finding = find(sink.wait_event("problem", DOMAIN), "mx-all-dead")
    assert finding["authority"] == "yes"
    assert finding["votes"]["yes"] == [] and len(finding["votes"]["no"]) == 3
    assert {each["resolver"] for each in finding["evidence"]} >= {f"127.0.0.1:{nsd.port}" for nsd in nsds}
    for nsd in nsds:
        nsd.edit(DOMAIN, ZONE)
    sink.wait_event("recovery", DOMAIN)


def test_one_server_that_differs_is_a_warning_at_most(nsds, sink, watch):
    watch()
    nsds[1].edit(DOMAIN, NO_ADDRESS)
    event = sink.wait_event("problem", DOMAIN)
    finding = find(event, "mx-all-dead")
    assert (event["to"], finding["severity"], finding["authority"]) == ("warning", "warning", "split")


def test_dead_servers_change_nothing(nsds, servers, sink, watch):
    for nsd in nsds:
        nsd.stop()
    watch()
    time.sleep(QUIET_S)
    assert sink.received == []
    edit_all(servers, f"- {DOMAIN} MX")
    finding = find(sink.wait_event("problem", DOMAIN), "mx-none")
    assert finding["severity"] == "critical" and len(finding["votes"]["yes"]) == 3


def test_a_quorum_of_resolvers_is_believed_against_the_servers(nsds, servers, sink, watch):
    """What most senders see fails for them; the servers were named, there is no parent to ask about them."""
    watch()
    edit_all(servers[:2], f"- {DOMAIN} MX", f"+ {DOMAIN} MX 10 gamma.{DOMAIN}.")
    finding = find(sink.wait_event("problem", DOMAIN), "mx-all-dead")
    assert (finding["authority"], len(finding["votes"]["yes"])) == ("no", 2)


def test_check_asks_configured_servers(nsds, servers):
    nsds[0].edit(DOMAIN, NO_ADDRESS)
    nsds[1].edit(DOMAIN, NO_ADDRESS)
    authority = {"servers": [f"127.0.0.1:{nsd.port}" for nsd in nsds]}
    run = command.check(DOMAIN, servers, top={"authority": authority})
    assert run.code == 2 and run.finding("mx-all-dead")["authority"] == "yes", run.out


def test_check_where_nobody_knows_the_servers(servers):
    """The lab has no zone above the domain: the search fails, and the resolvers decide alone."""
    resolvers = [word for server in servers for word in ("-r", server.address)]
    edit_all(servers, f"- {DOMAIN} MX")
    run = command.run("check", "--authority", "--format", "json", *resolvers, DOMAIN)
    assert run.code == 2, run.out
    finding = run.finding("mx-none")
    assert len(finding["votes"]["yes"]) == 3 and "authority" not in finding
