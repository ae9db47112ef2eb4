"""Configuration errors: FILE:LINE:COLUMN, all at once, exit 1; and what is good is accepted."""

import re

import pytest

from lab import daemon, notifiers, webhooks, yamltext

GOOD = """resolvers:
  - 127.0.0.1:5301
  - name: office
    address: "[::1]:5302"
    max_qps: 200
quorum: majority
interval: 5m
retry_interval: 1m
timeout: 10s
failure_threshold: 3
success_threshold: 2
reminders: [1h, 4h, 24h]
send_on_resolved: true
checks: [mx, address, ptr, spf]
severity: { mx-single: off }
canaries: [{ name: ".", type: NS }]
confirm_age: { critical: 2m, warning: 10m, recovery: 1m }
max_age: 5d
domains:
  - kontor-lab.net
  - name: verein-lab.org
    interval: 1m30s
    labels: { team: mail }
    receive: no
    send: auto
    topology: failover
    mx_hosts_send: yes
    send_ip: [45.45.45.11]
    strict: true
    notify: [ops]
notifiers:
  - { name: log, type: syslog, facility: daemon }
  - { name: ops, type: webhook, url: "https://hooks.mail-lab.net/mx" }
"""

# (name, text replaced, by what, line of the error, a part of its text)
EDITS = [
    ("misspelt key", "interval: 5m", "intervall: 5m", 7, "interval"),
    ("misspelt key of a domain", "    labels:", "    lables:", 23, "labels"),
    ("bare number", "interval: 5m", "interval: 5", 7, "interval"),
    ("unknown unit", "timeout: 10s", "timeout: 10 parsec", 9, "timeout"),
    ("negative duration", "timeout: 10s", "timeout: -1s", 9, "timeout"),
    ("not a number", "failure_threshold: 3", "failure_threshold: three", 10, "failure_threshold"),
    ("hexadecimal", "failure_threshold: 3", "failure_threshold: 0x3", 10, "failure_threshold"),
    ("zero threshold", "failure_threshold: 3", "failure_threshold: 0", 10, "failure_threshold"),
    ("yes is no boolean", "send_on_resolved: true", "send_on_resolved: yes", 13, "send_on_resolved"),
    ("unknown check", "checks: [mx, address", "checks: [mx, adress", 14, "address"),
    ("unknown finding", "mx-single: off", "mx-singel: off", 15, "mx-single"),
    ("unknown severity", "mx-single: off", "mx-single: loud", 15, "loud"),
    ("unknown enumeration", "topology: failover", "topology: failower", 26, "failover"),
    ("bad resolver", "127.0.0.1:5301", "127.0.0.256:5301", 2, "127.0.0.256"),
    ("bad port", "127.0.0.1:5301", "127.0.0.1:70000", 2, "70000"),
    ("a name as resolver", "127.0.0.1:5301", "dns.mail-lab.net", 2, "dns.mail-lab.net"),
    ("quorum beyond the resolvers", "quorum: majority", "quorum: 3", 6, "quorum"),
    ("IP address as domain", "  - kontor-lab.net", "  - 45.45.45.11", 20, "45.45.45.11"),
    ("single label", "  - kontor-lab.net", "  - kontor", 20, "kontor"),
    ("duplicate domain", "  - kontor-lab.net", "  - Verein-Lab.ORG.", None, "verein-lab.org"),
    ("label too long", "  - kontor-lab.net", "  - " + "a" * 64 + ".net", 20, "63"),
    ("not convertible", "  - kontor-lab.net", "  - xn--a-ecp.ru.\u2488.net", 20, ""),
    ("unknown notifier", "notify: [ops]", "notify: [opps]", 30, "ops"),
    ("unknown notifier type", "type: webhook", "type: webhok", 33, "webhook"),
    ("plain http to the world", "https://hooks", "http://hooks", 33, "https"),
    ("no URL", "https://hooks.mail-lab.net/mx", "not a url", 33, "url"),
    ("unknown facility", "facility: daemon", "facility: deamon", 32, "daemon"),
    ("duplicate notifier", "name: ops, type", "name: log, type", None, "log"),
    ("duplicate key", "retry_interval: 1m", "interval: 1m", 8, "interval"),
    ("anchor", "resolvers:", "resolvers: &a", 1, "anchor"),
    ("tag", "interval: 5m", "interval: !!str 5m", 7, "tag"),
    ("list where a text belongs", "interval: 5m", "interval: [5m]", 7, "interval"),
    ("text where a list belongs", "checks: [mx, address, ptr, spf]", "checks: mx", 14, "checks"),
    ("empty list of resolvers", "resolvers:\n  - 127.0.0.1:5301\n", "resolvers: []\nresolverz:\n", None, "resolvers"),
    ("bad sender address", "send_ip: [45.45.45.11]", "send_ip: [45.45.45]", 28, "45.45.45"),
    ("bad canary type", "type: NS", "type: NX", 16, "NX"),
]

WHOLE = [
    ("empty file", "", ""),
    ("a list at the top", "- a\n- b\n", ""),
    ("a text at the top", "hello\n", ""),
    ("no resolvers", "domains: [kontor-lab.net]\n", "resolvers"),
    ("unclosed bracket", "resolvers: [9.9.9.9\ndomains: []\n", ""),
    ("tab as indentation", "resolvers:\n\t- 9.9.9.9\n", ""),
    ("unclosed quote", 'resolvers: ["9.9.9.9]\n', ""),
    ("not UTF-8", b"resolvers: [9.9.9.9]\ndomains: [\xff\xfe.net]\n", ""),
    ("NUL", b"resolvers: [9.9.9.9]\ndomains: [\"a\x00b.net\"]\n", ""),
    ("NUL by escape", 'resolvers: [9.9.9.9]\ndomains: ["a\\0b.net"]\n', ""),
    ("second document", GOOD + "---\nresolvers: [9.9.9.9]\n", "document"),
    ("alias without anchor", GOOD.replace("interval: 5m", "interval: *x"), ""),
    ("merge key", GOOD.replace("    labels: { team: mail }", "    <<: { team: mail }"), "<<"),
    ("too deep", "resolvers: " + "[" * 20 + "]" * 20 + "\n", ""),
    ("far too deep", "[" * 100000, ""),
]


def assert_error(code, output, path, line=None, part=""):
    places = re.findall(rf"^{re.escape(str(path))}:(\d+):(\d+): (.*)$", output, re.M)
    assert code == 1, (code, output)
    assert places, f"no FILE:LINE:COLUMN in:\n{output}"
    assert line is None or line in [int(each[0]) for each in places], f"not at line {line}:\n{output}"
    assert part.lower() in output.lower(), f"{part!r} is not in:\n{output}"


def test_good(tmp_path):
    code, output, _ = daemon.check_config(GOOD, tmp_path)
    assert code == 0, output


@pytest.mark.parametrize("name,old,new,line,part", EDITS, ids=[each[0] for each in EDITS])
def test_one_error(name, old, new, line, part, tmp_path):
    assert old in GOOD, "the table no longer fits the text"
    code, output, path = daemon.check_config(GOOD.replace(old, new, 1), tmp_path)
    assert_error(code, output, path, line, part)


@pytest.mark.parametrize("name,text,part", WHOLE, ids=[each[0] for each in WHOLE])
def test_broken_file(name, text, part, tmp_path):
    code, output, path = daemon.check_config(text, tmp_path)
    assert_error(code, output, path, None, part)


def test_all_errors_at_once(tmp_path):
    text = GOOD.replace("interval: 5m", "intervall: 5m").replace("topology: failover", "topology: sideways")
    text = text.replace("127.0.0.1:5301", "nonsense")
    code, output, path = daemon.check_config(text, tmp_path)
    for line in (2, 7, 26):
        assert_error(code, output, path, line)


def test_column(tmp_path):
    """Line and column start at 1 and point at the value."""
    _, output, path = daemon.check_config(GOOD.replace("timeout: 10s", "timeout: 10x"), tmp_path)
    assert f"{path}:9:10: timeout: " in output


def test_missing_file(tmp_path):
    """A domain file named without a pattern must be there."""
    text = GOOD.replace("domains:\n", 'domain_files: ["/nowhere/list.txt"]\ndomains:\n')
    code, output, path = daemon.check_config(text, tmp_path)
    assert_error(code, output, path, 19, "/nowhere/list.txt")


def test_domain_file(tmp_path):
    (tmp_path / "list.txt").write_text("# ours\nerste-lab.net\n\nzweite-lab.net\n")
    text = GOOD.replace("domains:\n", f'domain_files: ["{tmp_path}/*.txt"]\ndomains:\n')
    code, output, _ = daemon.check_config(text, tmp_path)
    assert code == 0, output
    (tmp_path / "list.txt").write_text("erste-lab.net\nnot a domain\n")
    code, output, _ = daemon.check_config(text, tmp_path)
    assert_error(code, output, tmp_path / "list.txt", 2)


def test_secret_is_never_printed(tmp_path):
    """Neither by a good file nor by a bad one."""
    secret = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ="
    webhooks.write_secret(tmp_path / "key", secret)
    entry = notifiers.webhook("ops", "https://hooks.mail-lab.net/mx", secret_file=tmp_path / "key")
    text = GOOD.split("notifiers:")[0] + yamltext.dump({"notifiers": [{**entry, "x": 1}]})
    code, output, path = daemon.check_config(text, tmp_path)
    assert_error(code, output, path)
    assert secret not in output and secret[6:] not in output
