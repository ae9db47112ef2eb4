"""Expected records (`expect`) end to end: `mxwatch check` with a configuration, mxwatchd over a deadline, and what is refused."""

from datetime import datetime, timedelta, timezone

import pytest

from check_cases import Case, D
from lab import command, faults, notifiers
from lab.daemon import check_config
from lab.scripted import edit_all
from lab.zones import ALPHA4, SPF

MX = [f"10 alpha.{D}", f"20 beta.{D}"]
RECORD = SPF.strip('"')
OTHER_MX = [f"- {D} MX", f"+ {D} MX 20 alpha.{D}.", f"+ {D} MX 10 beta.{D}."]


def pinned(**expect):
    return {"expect": expect}


def instant(seconds):
    """The time in so many seconds, as the configuration writes it."""
    return (datetime.now(timezone.utc) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


CASES = [
    Case("all as expected", profile=pinned(mx=MX, spf=RECORD, ns=[], ptr=[f"{ALPHA4} alpha.{D}"])),
    Case("another order and letter case", profile=pinned(mx=[f"20 BETA.{D}.", f"10 Alpha.{D}."], spf=RECORD.upper())),
    Case("preferences are swapped", ["cons-expect critical"], edits=OTHER_MX, profile=pinned(mx=MX)),
    Case("any preference", edits=OTHER_MX, profile=pinned(mx=[f"alpha.{D}", f"beta.{D}"])),
    Case("another SPF record", ["cons-expect critical"], profile=pinned(spf="v=spf1 mx -all")),
    Case("a term is missing", ["cons-expect critical"], profile=pinned(spf={"mode": "at_least", "records": ["mx"]})),
    Case("a term is there", profile=pinned(spf={"mode": "at_least", "records": ["ip4:45.45.45.0/24"]})),
    Case("a forbidden host", ["cons-expect critical"], profile=pinned(mx={"mode": "forbid", "records": [f"beta.{D}"]})),
    Case("other name servers", ["cons-expect critical"], edits=[f"+ {D} NS ns1.evil-lab.org."],
         profile=pinned(ns=[f"ns1.{D}"])),
    Case("another reverse name", ["cons-expect warning"], profile=pinned(ptr=[f"{ALPHA4} mail.{D}"])),
    Case("one resolver of three sees it", edits_at={1: OTHER_MX}, profile=pinned(mx=MX)),
    Case("lookups fail", state="unknown", profile=pinned(ns=[f"ns1.{D}"]), faults={f"{D} NS": faults.servfail()},
         never=["cons-expect critical"]),
    Case("before the deadline", profile=pinned(mx=["10 new.example.net"], deadline="2999-01-01 00:00")),
    Case("after the deadline", ["cons-expect critical"],
         profile=pinned(mx={"records": MX, "next": ["10 new.example.net"], "deadline": "2020-01-01 00:00"})),
    Case("during the change", profile=pinned(mx={"records": MX, "next": ["10 new.example.net"], "deadline": "2999-01-01 00:00"})),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_check(case, servers):
    case.prepare(servers)
    case.judge(command.check(case.domain, servers, profile=case.profile))


def test_what_is_told(servers):
    edit_all(servers, *OTHER_MX)
    run = command.check(D, servers, profile=pinned(mx=MX))
    finding = run.finding("cons-expect", "mx")
    assert finding["check"] == "consistency"
    assert finding["message"] == (f"{D} has other MX records than expected: missing 10 alpha.{D}, 20 beta.{D}; "
                                  f"unexpected 10 beta.{D}, 20 alpha.{D}")
    assert finding["fix"][:2] == [f"{D}. 300 IN MX 10 alpha.{D}.", f"{D}. 300 IN MX 20 beta.{D}."]
    assert finding["fix"][2].startswith(f"; delete {D}. 300 IN MX 10 beta.{D}.")
    assert finding["fix"][-1].endswith(f'needs mx: ["10 beta.{D}", "20 alpha.{D}"]')
    assert finding["reproduce"][0].startswith(f"dig {D} MX @") and finding["evidence"][0]["type"] == "MX"
    # What the fix proposes for a change that was meant is the configuration that has no problem.
    assert command.check(D, servers, profile=pinned(mx=[f"10 beta.{D}", f"20 alpha.{D}"])).code == 0


def test_domains_without_it_pay_nothing(servers):
    """No question, no row, no check in the report; and only the checks that the command line names."""
    run = command.check(D, servers, top={"interval": "5m"})
    assert {check["check"] for check in run.domain()["checks"]} == {"mx", "address", "ptr", "spf"}
    assert not any(server.asked(D, "NS") for server in servers)
    run = command.check(D, servers, profile=pinned(ns=["ns1.example.net"]), checks="mx")
    assert {check["check"] for check in run.domain()["checks"]} == {"mx"} and run.code == 0


def test_daemon_over_a_deadline(servers, sink, start_daemon):
    """Nothing before the deadline, a problem after it although DNS has not changed, and the end with the change."""
    plan = {"records": MX, "next": [f"20 alpha.{D}", f"10 beta.{D}"], "deadline": instant(6)}
    start_daemon(servers, [{"name": D, **pinned(mx=plan)}], [notifiers.webhook("hook", sink.url())])
    problem = sink.wait_event("problem", D)
    assert (problem["check"], problem["to"]) == ("consistency", "critical")
    assert problem["time"] >= plan["deadline"][:-1] and "was to be done by " + plan["deadline"] in problem["summary"]
    edit_all(servers, *OTHER_MX)
    assert sink.wait_event("recovery", D)["check"] == "consistency"


def test_errors_have_places(tmp_path):
    text = ("resolvers: [127.0.0.1]\ndomains:\n- name: kontor-lab.net\n  expect:\n    mx: [10 alpha, x y]\n"
            "    spf: { records: [v=spf1 ipv4:1 -all], next: [] }\n    ptr: [45.45.45.11]\n    deadlin: 2026-12-01\n")
    code, told, path = check_config(text, tmp_path)
    assert code == 1
    for part in (":5:10: domains[0].expect.mx[0]: ", ":5:20: domains[0].expect.mx[1]: ",
                 ":6:10: domains[0].expect.spf.deadline: missing", ":7:11: domains[0].expect.ptr[0]: ",
                 ":8:5: domains[0].expect.deadlin: unknown key, did you mean \"deadline\"?"):
        assert f"{path}{part}" in told, told


def test_catalogue():
    run = command.run("explain", "cons-expect")
    assert run.code == 0 and "consistency" in run.out and "expect" in run.out
    assert "cons-changed" in command.run("list", "findings").out
