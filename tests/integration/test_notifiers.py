"""Each notifier against a real receiver: what arrives, and that text from DNS cannot break it."""

import json
import re
import stat

from lab import notifiers
from lab.proc import wait_until
from lab.scripted import edit_all, wait_watched
from lab.zones import DOMAIN

NO_MX = f"- {DOMAIN} MX"
FACILITY_DAEMON = 3
PRINTABLE = re.compile(r"^[\x20-\x7e]*$")


def break_domain(servers, *lines):
    wait_watched(servers, DOMAIN)
    edit_all(servers, *(lines or (NO_MX,)))


def assert_line(text, domain=DOMAIN):
    assert f"{domain} mx CRITICAL (was OK): " in text and "(mx-none)" in text and "id=" in text
    assert PRINTABLE.match(text), repr(text)


def test_syslog_unix(servers, syslog, start_daemon):
    start_daemon(servers, [DOMAIN], [notifiers.syslog_unix("log", syslog.path)])
    break_domain(servers)
    line = syslog.wait("mx-none").rstrip("\n")
    assert line.startswith("<") and int(line[1:line.index(">")]) // 8 == FACILITY_DAEMON
    assert_line(line)


def assert_rfc5424(message):
    assert message["version"] == "1" and message["app"].startswith("mxwatch")
    assert int(message["pri"]) // 8 == FACILITY_DAEMON
    assert message["sd"].startswith("[") and f'"{DOMAIN}"' in message["sd"]
    assert_line(message["msg"])


def test_syslog_udp(servers, rsyslog, start_daemon):
    start_daemon(servers, [DOMAIN], [notifiers.syslog_udp("log", rsyslog.port)])
    break_domain(servers)
    message = rsyslog.wait("mx-none")
    assert message["input"] == "imudp"
    assert_rfc5424(message)


def test_syslog_tcp(servers, rsyslog, start_daemon):
    start_daemon(servers, [DOMAIN], [notifiers.syslog_tcp("log", rsyslog.port)])
    break_domain(servers)
    message = rsyslog.wait("mx-none")
    assert message["input"] == "imtcp"
    assert_rfc5424(message)


def test_control_characters_stay_one_line(servers, syslog, sink, start_daemon):
    """An MX target with ESC and newline in it: one line of printable text, one JSON string."""
    start_daemon(servers, [DOMAIN], [notifiers.syslog_unix("log", syslog.path), notifiers.webhook("hook", sink.url())])
    break_domain(servers, NO_MX, rf"+ {DOMAIN} MX 10 \027[31mred\010evil.{DOMAIN}.")
    line = syslog.wait(f"{DOMAIN} mx CRITICAL").rstrip("\n")
    assert PRINTABLE.match(line), repr(line)
    event = sink.wait_event("problem", DOMAIN)
    assert not re.search(r"[\x00-\x1f\x7f]", event["summary"]), repr(event["summary"])


def test_exec_gets_the_event_on_stdin(servers, tmp_path, start_daemon):
    script, out = tmp_path / "hook.sh", tmp_path / "event.json"
    script.write_text(f"#!/bin/sh\ncat >{out}.new && mv {out}.new {out}\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    start_daemon(servers, [DOMAIN], [notifiers.execute("run", script)])
    break_domain(servers)
    wait_until(out.exists, "the event at the program")
    event = json.loads(out.read_text())
    assert (event["kind"], event["domain"], event["to"]) == ("problem", DOMAIN, "critical")


def test_exec_that_fails_is_retried(servers, tmp_path, start_daemon):
    script, count = tmp_path / "hook.sh", tmp_path / "count"
    script.write_text(f"#!/bin/sh\ncat >/dev/null\necho x >>{count}\n[ $(wc -l <{count}) -gt 1 ]\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    start_daemon(servers, [DOMAIN], [notifiers.execute("run", script)])
    break_domain(servers)
    wait_until(lambda: count.exists() and len(count.read_text().split()) == 2, "the second run")


def test_exec_that_hangs_delays_nobody(servers, tmp_path, sink, start_daemon):
    script = tmp_path / "hang.sh"
    script.write_text("#!/bin/sh\nexec sleep 600\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    start_daemon(servers, [DOMAIN], [notifiers.execute("run", script), notifiers.webhook("hook", sink.url())])
    break_domain(servers)
    sink.wait_event("problem", DOMAIN)


def test_alertmanager_format(servers, sink, start_daemon):
    """The v4 body: firing, then resolved, with the same labels."""
    domain = {"name": DOMAIN, "labels": {"team": "mail"}}
    start_daemon(servers, [domain], [notifiers.alertmanager("am", sink.url())])
    break_domain(servers)
    firing = sink.wait(lambda each: each.json.get("status") == "firing")[0].json
    assert firing["version"] == "4" and firing["alerts"]
    alert = firing["alerts"][0]
    assert alert["status"] == "firing" and alert["labels"]["domain"] == DOMAIN and alert["labels"]["team"] == "mail"
    assert alert["labels"]["severity"] == "critical" and alert["labels"]["alertname"]
    assert alert["annotations"]["summary"] and alert["startsAt"].endswith("Z")
    for server in servers:
        server.records.edit(f"+ {DOMAIN} MX 10 alpha.{DOMAIN}.", f"+ {DOMAIN} MX 20 beta.{DOMAIN}.")
    resolved = sink.wait(lambda each: each.json.get("status") == "resolved")[0].json["alerts"][0]
    assert resolved["fingerprint"] == alert["fingerprint"] and resolved["endsAt"].endswith("Z")
