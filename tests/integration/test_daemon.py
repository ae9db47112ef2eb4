"""mxwatchd end to end: from a deleted record to an alert, and back; reload, stop, blocked resolvers."""

import signal
import time

from lab import faults, notifiers, zones
from lab.proc import wait_until
from lab.scripted import ScriptedServer, edit_all, wait_watched
from lab.zones import DOMAIN, HEALTHY

NO_MX = f"- {DOMAIN} MX"
MX = (f"+ {DOMAIN} MX 10 alpha.{DOMAIN}.", f"+ {DOMAIN} MX 20 beta.{DOMAIN}.")
# Long enough for several rounds of the shortened intervals; for what must NOT happen.
SILENCE_S = 5


def quiet(sink, seconds=SILENCE_S):
    """Nothing more arrives for a while; silence has no event to wait for."""
    before = len(sink.received)
    time.sleep(seconds)
    assert len(sink.received) == before, [each.json.get("summary") for each in sink.received[before:]]


def test_problem_and_recovery(servers, sink, syslog, start_daemon):
    start_daemon(servers, [DOMAIN], [notifiers.webhook("hook", sink.url()), notifiers.syslog_unix("log", syslog.path)])
    wait_watched(servers, DOMAIN)
    quiet(sink)
    assert not [line for line in syslog.lines if DOMAIN in line], "an alert without a problem"

    edit_all(servers, NO_MX)
    problem = sink.wait_event("problem", DOMAIN)
    assert (problem["version"], problem["check"], problem["from"], problem["to"]) == (1, "mx", "ok", "critical")
    finding = next(each for each in problem["findings"] if each["id"] == "mx-none")
    assert len(finding["votes"]["yes"]) >= 2 and finding["fix"] and finding["reproduce"]
    line = syslog.wait("mx-none")
    assert f"{DOMAIN} mx CRITICAL (was OK): " in line and problem["id"] in line and "3 resolvers" in line

    edit_all(servers, *MX)
    recovery = sink.wait_event("recovery", DOMAIN)
    assert (recovery["from"], recovery["to"]) == ("critical", "ok")
    assert recovery["duration_s"] >= 0 and recovery["seq"] > problem["seq"] and recovery["id"] != problem["id"]
    assert "was CRITICAL" in syslog.wait("was CRITICAL")
    quiet(sink)
    assert [event["kind"] for event in sink.events()] == ["problem", "recovery"]


def test_one_liar_is_silent(servers, sink, start_daemon):
    start_daemon(servers, [DOMAIN], [notifiers.webhook("hook", sink.url())])
    servers[0].records.edit(f"- {DOMAIN} TREE")
    quiet(sink)
    assert sink.events(domain=DOMAIN) == []


def test_failing_lookups_are_no_problem_of_the_domain(servers, sink, start_daemon):
    """SERVFAIL, REFUSED and silence never page for a domain, however long this test waits."""
    start_daemon(servers, [DOMAIN], [notifiers.webhook("hook", sink.url())])
    for fault in (faults.servfail(), faults.refused(), faults.silence):
        for server in servers:
            server.script(fault, DOMAIN)
        time.sleep(SILENCE_S)
        assert sink.events(domain=DOMAIN) == []
        for server in servers:
            server.heal()


def test_unknown_does_not_clear_a_problem(servers, sink, start_daemon):
    start_daemon(servers, [DOMAIN], [notifiers.webhook("hook", sink.url())])
    edit_all(servers, NO_MX)
    sink.wait_event("problem", DOMAIN)
    for server in servers:
        server.script(faults.servfail(), DOMAIN)
    time.sleep(SILENCE_S)
    assert [event["kind"] for event in sink.events(domain=DOMAIN)] == ["problem"]


def test_problem_that_gets_worse(servers, sink, start_daemon):
    """A warning is told, then the critical on top of it."""
    start_daemon(servers, [DOMAIN], [notifiers.webhook("hook", sink.url())])
    edit_all(servers, f"- alpha.{DOMAIN}")
    assert sink.wait_event("problem", DOMAIN)["to"] == "warning"
    edit_all(servers, f"- beta.{DOMAIN}")
    wait_until(lambda: [event for event in sink.events("problem", DOMAIN) if event["to"] == "critical"], "the critical")


def test_reminder(servers, sink, start_daemon):
    """A reminder has the id of the problem and a repeat number."""
    start_daemon(servers, [DOMAIN], [notifiers.webhook("hook", sink.url())], reminders=["3s", "5s"])
    edit_all(servers, NO_MX)
    problem = sink.wait_event("problem", DOMAIN)
    reminder = sink.wait_event("reminder", DOMAIN)
    assert reminder["id"].startswith(problem["id"] + "-r") and reminder["check"] == problem["check"]


def test_labels_and_routing(servers, sink, start_daemon):
    """`labels` reach the event; `notify` names who is told."""
    domain = {"name": DOMAIN, "labels": {"team": "mail"}, "notify": ["first"]}
    start_daemon(servers, [domain], [notifiers.webhook("first", sink.url("/first")),
                                     notifiers.webhook("second", sink.url("/second"))])
    edit_all(servers, NO_MX)
    assert sink.wait_event("problem", DOMAIN)["labels"] == {"team": "mail"}
    quiet(sink, 2)
    assert {each.path for each in sink.received} == {"/first"}


def test_no_message_on_recovery_when_not_wanted(servers, sink, start_daemon):
    start_daemon(servers, [DOMAIN], [notifiers.webhook("hook", sink.url())], send_on_resolved=False)
    edit_all(servers, NO_MX)
    sink.wait_event("problem", DOMAIN)
    edit_all(servers, *MX)
    quiet(sink, SILENCE_S + 2)


def test_start_with_a_broken_domain_and_restart(servers, sink, start_daemon):
    """A problem that was there before us is told once, and not again by a restart."""
    edit_all(servers, NO_MX)
    daemon = start_daemon(servers, [DOMAIN], [notifiers.webhook("hook", sink.url())])
    sink.wait_event("problem", DOMAIN)
    assert daemon.stop() == 0
    daemon.start()
    quiet(sink)
    edit_all(servers, *MX)
    sink.wait_event("recovery", DOMAIN)
    assert [event["kind"] for event in sink.events()] == ["problem", "recovery"]


def test_reload_good(servers, sink, start_daemon):
    """A domain added by a reload is watched; a removed one with a problem says that it is no longer."""
    other = "zweite-lab.net"
    for server in servers:
        server.records.load(HEALTHY.replace(DOMAIN, other))
        server.records.edit(f"- {other} MX")
    notifier = notifiers.webhook("hook", sink.url())
    daemon = start_daemon(servers, [DOMAIN], [notifier])
    config = config_of(daemon)
    daemon.write_config(config.replace(f"domains:\n  - {DOMAIN}\n", f"domains:\n  - {DOMAIN}\n  - {other}\n"))
    daemon.reload()
    sink.wait_event("problem", other)
    daemon.write_config(config)
    daemon.reload()
    assert sink.wait_event("recovery", other)["to"] == "unknown"


def config_of(daemon):
    return daemon.config_path.read_text()


def test_reload_bad_keeps_the_old_configuration(servers, sink, start_daemon):
    daemon = start_daemon(servers, [DOMAIN], [notifiers.webhook("hook", sink.url())])
    good = config_of(daemon)
    daemon.write_config(good.replace("interval: 1s", "interval: 1 parsec"))
    daemon.reload()
    daemon.wait_log(f"{daemon.config_path}:")
    assert daemon.process.running()
    edit_all(servers, NO_MX)
    sink.wait_event("problem", DOMAIN)
    daemon.write_config(good)
    daemon.reload()
    edit_all(servers, *MX)
    sink.wait_event("recovery", DOMAIN)


def test_service_manager_is_told(servers, start_daemon, sink):
    daemon = start_daemon(servers, [DOMAIN], [notifiers.webhook("hook", sink.url())])
    daemon.reload()
    assert daemon.notify.count("RELOADING") == 1 and daemon.notify.last("STATUS")
    assert daemon.stop() == 0
    assert daemon.notify.count("STOPPING") == 1


def test_watchdog(servers, start_daemon, sink):
    daemon = start_daemon(servers, [DOMAIN], [notifiers.webhook("hook", sink.url())], env={"WATCHDOG_USEC": "1000000"})
    wait_until(lambda: daemon.notify.count("WATCHDOG") >= 3, "three watchdog messages")


def test_stop_while_resolvers_are_silent(servers, start_daemon, sink):
    """SIGTERM does not wait for answers that never come."""
    for server in servers:
        server.script(faults.silence)
    daemon = start_daemon(servers, [DOMAIN], [notifiers.webhook("hook", sink.url())], timeout="30s")
    wait_until(lambda: servers[0].total(), "a question")
    assert daemon.stop() == 0


def test_signals_that_must_not_matter(servers, start_daemon, sink):
    daemon = start_daemon(servers, [DOMAIN], [notifiers.webhook("hook", sink.url())])
    for number in (signal.SIGPIPE, signal.SIGUSR1, signal.SIGHUP, signal.SIGHUP, signal.SIGHUP):
        daemon.process.signal(number)
    daemon.reload()
    assert daemon.process.running()


def test_the_daemon_does_not_link_curl(servers, start_daemon, sink):
    daemon = start_daemon(servers, [DOMAIN], [notifiers.webhook("hook", sink.url())])
    daemon.wait_sender()
    assert "libldns" in daemon.maps(), "not the maps of mxwatchd"
    assert "/libcurl" not in daemon.maps()


def test_loop_lag_with_a_dead_and_a_slow_resolver(stack, start_daemon, sink):
    """A thousand domains, one resolver dead, one slow: the loop says how late it was, and nothing is alerted.

    The time itself is not asserted here: this machine is shared and the programs are sanitized.
    """
    names, text = zones.many(1000)
    good, slow, dead = (stack.enter_context(ScriptedServer(text)) for _ in range(3))
    slow.script(faults.delay(1.0))
    dead.script(faults.silence)
    daemon = start_daemon([good, slow, dead], names, [notifiers.webhook("hook", sink.url())],
                          interval="20s", retry_interval="10s", timeout="3s", canaries=[])
    wait_until(lambda: sum(good.asked(name, "MX") > 0 for name in names) > 500, "half of the domains were asked", 60)
    p50, p99, worst = daemon.loop_lag()
    print(f"loop lag p50={p50} p99={p99} max={worst} ms")
    assert 0 <= p50 <= p99 <= worst
    assert sink.events("problem") == []


def test_a_long_interval_holds_up_nobody(servers, sink, start_daemon):
    """The round that ends last belongs to a domain that comes again in an hour; the other one keeps its second."""
    slow = "langsam-lab.net"
    for server in servers:
        server.script(faults.delay(0.5), slow)
    start_daemon(servers, [DOMAIN, {"name": slow, "interval": "1h", "checks": ["spf"]}],
                 [notifiers.webhook("hook", sink.url())], checks=["mx"])
    wait_until(lambda: servers[0].asked(slow, "TXT"), "the round of the slow domain")
    time.sleep(2)
    before = servers[0].asked(DOMAIN, "MX")
    wait_until(lambda: servers[0].asked(DOMAIN, "MX") > before + 2, "rounds of the quick domain", timeout=15)


def test_a_storm_of_reloads_is_a_few(servers, sink, start_daemon):
    daemon = start_daemon(servers, [DOMAIN], [notifiers.webhook("hook", sink.url())])
    for _ in range(500):
        daemon.process.signal(signal.SIGHUP)
        time.sleep(0.002)
    edit_all(servers, NO_MX)
    sink.wait_event("problem", DOMAIN)
    assert 1 <= len(daemon.log_lines(": reloaded, ")) <= 4
