"""`mxwatch` as people and scripts use it: formats, exit codes, lists, explanations."""

import json
import re

from lab import binaries, command
from lab.zones import DOMAIN

NO_MX = f"- {DOMAIN} MX"
CHECKS = {"mx", "address", "ptr", "spf"}


def resolver_arguments(servers):
    return [argument for server in servers for argument in ("-r", server.address)]


def test_json_shape(servers):
    report = command.check(DOMAIN, servers).report
    assert report["version"] == 1
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", report["checked_at"])
    assert {check["check"] for check in report["domains"][0]["checks"]} == CHECKS
    keys = {"id", "severity", "subject", "message", "votes", "evidence"}
    for check in report["domains"][0]["checks"]:
        for finding in check["findings"]:
            assert keys <= finding.keys(), finding


def test_only_some_checks(servers):
    for server in servers:
        server.records.edit(f"- {DOMAIN} TXT")
    run = command.check(DOMAIN, servers, checks="mx,ptr")
    assert {check["check"] for check in run.domain()["checks"]} == {"mx", "ptr"} and run.code == 0


def test_severity_override(servers):
    """`off` hides a finding; another severity replaces the catalogue's."""
    for server in servers:
        server.records.edit(f"- {DOMAIN} TXT", "- alpha.kontor-lab.net AAAA", f"- beta.{DOMAIN}")
    run = command.check(DOMAIN, servers, top={"severity": {"spf-none": "off", "mx-target-nxdomain": "critical"}})
    assert run.finding("spf-none") is None and run.finding("mx-target-nxdomain")["severity"] == "critical"
    assert run.code == 2


def test_text_for_people(servers):
    """What is wrong, who saw it, how to see it, what to publish; no colour where there is no terminal."""
    for server in servers:
        server.records.edit(NO_MX)
    run = command.run("check", *resolver_arguments(servers), DOMAIN)
    assert run.code == 2
    for part in (DOMAIN, "mx-none", "dig ", " MX 10 ", servers[0].address):
        assert part in run.out, run.out
    assert "\x1b" not in run.out


def test_text_escapes_what_strangers_wrote(servers):
    for server in servers:
        server.records.edit(NO_MX, rf"+ {DOMAIN} MX 10 \027[31mred\010evil.{DOMAIN}.", f"+ {DOMAIN} MX 20 beta.{DOMAIN}.")
    run = command.run("check", *resolver_arguments(servers), DOMAIN)
    assert "mx-target-syntax" in run.out and not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", run.out), repr(run.out)


def test_nagios(servers):
    run = command.run("check", "--format", "nagios", *resolver_arguments(servers), DOMAIN)
    assert run.code == 0 and "OK" in run.out.splitlines()[0]
    for server in servers:
        server.records.edit(NO_MX)
    run = command.run("check", "--format", "nagios", *resolver_arguments(servers), DOMAIN)
    assert run.code == 2 and "CRITICAL" in run.out.splitlines()[0]


def test_usage_errors():
    for arguments in (("check",), ("check", "-r", "127.0.0.1:1"), ("check", "-r", "nonsense", DOMAIN),
                      ("check", "-r", "127.0.0.1:1", "45.45.45.11"), ("check", "-r", "127.0.0.1:1", "single"),
                      ("check", "-r", "127.0.0.1:1", "--format", "xml", DOMAIN), ("check", "--no-such-option"),
                      ("check", "-r", "127.0.0.1:1", "--timeout", "5", DOMAIN), ("no-such-command",),
                      ("check", "-c", "/nowhere/mxwatch.yaml", DOMAIN), ("explain", "no-such-finding")):
        run = command.run(*arguments)
        assert run.code == 3 and run.err, (arguments, run)


def test_list_and_explain_know_the_same_findings():
    findings = json.loads(command.run("list", "findings", "--format", "json").out)
    text = json.dumps(findings)
    for finding in ("mx-none", "mx-all-dead", "addr-private", "ptr-none", "spf-multiple", "dns-servfail"):
        assert f'"{finding}"' in text
        explained = command.run("explain", finding)
        assert explained.code == 0 and finding in explained.out and "RFC" in explained.out


def test_every_list_has_every_format():
    for what in ("checks", "findings", "notifiers", "options"):
        for form in ("text", "json", "markdown"):
            run = command.run("list", what, "--format", form)
            assert run.code == 0 and run.out.strip(), (what, form, run)
            if form == "json":
                json.loads(run.out)


def test_default_resolver_file_is_not_read(servers):
    """Names are absolute and the resolvers are those given: nothing of this machine's resolver is used."""
    binaries.program("mxwatch")
    run = command.run("check", "--format", "json", *resolver_arguments(servers), DOMAIN, LOCALDOMAIN="mail-lab.net",
                      RES_OPTIONS="ndots:5")
    assert run.code == 0, run.out
    assert all(server.asked(f"{DOMAIN}.mail-lab.net", "MX") == 0 for server in servers)
