"""The same with NSD as the authority and three Unbounds as resolvers: no scripts, real software."""

import time

from lab import command, notifiers

VICTIM = "mail-lab.net"


def test_check(lab):
    run = command.check(VICTIM, lab.resolvers, "8s")
    assert run.code == 0 and run.finding("mx-ok"), run.out


def test_check_deleted_record(lab):
    lab.unpublish(VICTIM, " MX ")
    run = command.check(VICTIM, lab.resolvers, "8s")
    assert run.code == 2 and run.finding("mx-none"), run.out


def test_check_deleted_host(lab):
    lab.unpublish(VICTIM, "mx1 A ")
    run = command.check(VICTIM, lab.resolvers, "8s")
    assert ("mx-target-nxdomain", "warning") in run.ids() and ("mx-primary-dead", "warning") in run.ids(), run.out


def test_check_unknown_zone_is_servfail(lab):
    """The Unbounds have no way to this name: SERVFAIL, which is not "does not exist"."""
    run = command.check("far-away-lab.net", lab.resolvers, "8s")
    assert run.code == 3, run.out


def test_daemon_deleted_and_restored(lab, sink, syslog, start_daemon):
    start_daemon(lab.entries(), [VICTIM, "kontor-lab.net"],
                 [notifiers.webhook("hook", sink.url()), notifiers.syslog_unix("log", syslog.path)])
    before = lab.unpublish(VICTIM, " MX ")
    problem = sink.wait_event("problem", VICTIM)
    finding = next(each for each in problem["findings"] if each["id"] == "mx-none")
    assert set(finding["votes"]["yes"]) <= {"unbound-1", "unbound-2", "unbound-3"}
    syslog.wait("mx-none")
    lab.publish(VICTIM, before)
    sink.wait_event("recovery", VICTIM)
    assert sink.events(domain="kontor-lab.net") == []


def test_daemon_with_one_lying_and_one_frozen_resolver(lab, sink, start_daemon):
    """One of three lies: silence. One frozen instead: silence. Each alone is no reason to call anybody."""
    start_daemon(lab.entries(), [VICTIM], [notifiers.webhook("hook", sink.url())])
    lab.resolvers[0].lie(VICTIM)
    time.sleep(4)
    assert sink.events(domain=VICTIM) == []
    lab.resolvers[0].tell_truth(VICTIM)
    lab.resolvers[1].freeze()
    time.sleep(5)
    assert sink.events(domain=VICTIM) == []
    lab.resolvers[1].thaw()
