"""`mxwatch spf` as people and scripts use it: output, options, time, and what it costs a resolver."""

import re
import signal
import subprocess
import time

import pytest

from lab import binaries, command, faults
from lab.proc import wait_until
from lab.scripted import ScriptedServer

CLIENT, SENDER = "45.45.45.11", "u@office-lab.net"
ZONE = """
office-lab.net TXT "v=spf1 ip4:9.9.9.9 include:spf.provider-lab.com exp=why.office-lab.net -all"
why.office-lab.net TXT "%{i} is none of ours"
spf.provider-lab.com TXT "v=spf1 a:out.provider-lab.com ?mx:gone.provider-lab.com -all"
out.provider-lab.com A 45.45.45.12
"""


@pytest.fixture
def server(stack):
    return stack.enter_context(ScriptedServer(ZONE))


def spf(server, *more, ip=CLIENT, sender=SENDER):
    return command.run("spf", "-r", server.address, "--ip", ip, "--mail-from", sender, *more)


def test_text(server):
    """The result alone, the explanation, then who, why, and every lookup and term in order."""
    run = spf(server)
    lines = run.out.splitlines()
    assert run.code == 1 and lines[:2] == ["fail", f"explanation: {CLIENT} is none of ours"]
    rest = "\n".join(lines[2:])
    places = [rest.index(part) for part in (
        SENDER, '"-all" in the record of office-lab.net', server.address, "office-lab.net TXT", "ip4:9.9.9.9",
        "spf.provider-lab.com TXT", "out.provider-lab.com A", "gone.provider-lab.com MX", "include:spf.provider-lab.com: no match",
        "why.office-lab.net TXT")]
    assert places == sorted(places), run.out


def test_json(server):
    report = spf(server, "--format", "json").report
    expected = {"version": 1, "result": "fail", "identity": "mailfrom", "domain": "office-lab.net", "ip": CLIENT,
                "sender": SENDER, "explanation": f"{CLIENT} is none of ours", "term": "-all", "lookups": 3, "void_lookups": 1,
                "resolver": server.address}
    assert expected.items() <= report.items(), report
    asked = [(step["name"], step["type"], step["outcome"]) for step in report["trace"] if step["step"] == "lookup"]
    assert asked == [("office-lab.net.", "TXT", "answer"), ("spf.provider-lab.com.", "TXT", "answer"),
                     ("out.provider-lab.com.", "A", "answer"), ("gone.provider-lab.com.", "MX", "nxdomain"),
                     ("why.office-lab.net.", "TXT", "answer")]


def test_json_of_an_error(server):
    server.records.set("office-lab.net", "TXT", '"v=spf1 ip4:x -all"')
    report = spf(server, "--format", "json").report
    assert report["result"] == "permerror" and report["problem"] == "syntax" and report["term"] == "ip4:x", report


def test_a_stranger_writes_no_line_of_its_own(server):
    server.records.set("office-lab.net", "TXT", r'"v=spf1 \010pass\027[31m -all"')
    run = spf(server)
    assert run.out.startswith("permerror\n") and not re.search(r"[\x00-\x09\x0b-\x1f\x7f]|^pass", run.out, re.MULTILINE), run.out


def test_macro_t_is_now(server):
    server.records.set("why.office-lab.net", "TXT", '"%{t}"')
    told = int(spf(server).out.splitlines()[1].removeprefix("explanation: "))
    assert abs(told - time.time()) < 60


def test_helo_alone(server):
    run = command.run("spf", "-r", server.address, "--ip", CLIENT, "--helo", "office-lab.net")
    assert run.out.startswith("fail\n") and "postmaster@office-lab.net" in run.out


def test_resolver_of_the_configuration(server, stack, tmp_path):
    """The first one is asked, and no other."""
    other = stack.enter_context(ScriptedServer(ZONE))
    path = tmp_path / "mxwatch.yaml"
    path.write_text(f"resolvers: [{server.address}, {other.address}]\ntimeout: 3s\ndomains: [office-lab.net]\n")
    run = command.run("spf", "-c", path, "--ip", CLIENT, "--mail-from", SENDER)
    assert run.code == 1 and server.total() == 5 and other.total() == 0
    run = command.run("spf", "-c", path, "-r", other.address, "--ip", CLIENT, "--mail-from", SENDER)
    assert run.code == 1 and server.total() == 5 and other.total() == 5


GOOD = ("--ip", CLIENT, "--mail-from", SENDER, "-r", "127.0.0.1:1")


@pytest.mark.parametrize(("arguments", "part"), [
    ((), "no --ip"),
    (("--ip", CLIENT), "--mail-from"),
    (("--ip", "45.45.45", "--helo", "a.net"), '"45.45.45" is no IPv4 or IPv6 address'),
    (("--ip", "45.45.45.11/32", "--helo", "a.net"), "no IPv4 or IPv6 address"),
    (("--hello", "a.net"), "did you mean --helo?"),
    (("--mailfrom", SENDER), "did you mean --mail-from?"),
    (("--ip",), "--ip needs a value"),
    ((*GOOD, "-r", "127.0.0.1:2"), "one resolver"),
    ((*GOOD, "--mail-from", "<u@a.net"), "angle bracket"),
    ((*GOOD, "--mail-from", "u@a.net\nb"), "control character"),
    ((*GOOD, "--mail-from", "u" * 1001), "too long: 1001 octets"),
    ((*GOOD, "--helo", "h" * 1001), "too long"),
    ((*GOOD, "--max-voids", "11"), "from 0 to 10"),
    ((*GOOD, "--max-voids", "-1"), "from 0 to 10"),
    ((*GOOD, "--max-voids", ""), "from 0 to 10"),
    ((*GOOD, "--timeout", "10"), "--timeout"),
    ((*GOOD, "--time-limit", "1d"), "100ms to 10m"),
    ((*GOOD, "--format", "nagios"), "expected text or json"),
    ((*GOOD, "extra"), 'unexpected argument "extra"'),
    ((*GOOD, "-c", "/nowhere/mxwatch.yaml"), "/nowhere/mxwatch.yaml"),
    (("--ip", CLIENT, "--mail-from", SENDER, "-r", "nonsense"), "nonsense"),
], ids=str)
def test_usage_errors(arguments, part):
    run = command.run("spf", *arguments)
    assert run.code == 3 and run.out == "" and part in run.err, run


# --- time

def test_time_limit(server):
    """An answer that would come in time for its question, but not for the evaluation: temperror, and what was under way."""
    server.script(faults.delay(1.8), "out.provider-lab.com")
    start = time.monotonic()
    run = spf(server, "--time-limit", "1s", "--format", "json")
    assert run.code == 3 and time.monotonic() - start < 10
    report = run.report
    assert report["result"] == "temperror" and report["problem"] == "out-of-time", report
    assert report["term"] == "a:out.provider-lab.com", report
    assert [step["outcome"] for step in report["trace"] if step["step"] == "lookup"] == ["answer", "answer", "timeout"], report


def test_time_limit_inside_a_term_that_forgives(server):
    """A failed lookup is no match for ptr, but the end of the time is the end."""
    server.records.set("office-lab.net", "TXT", '"v=spf1 ptr +all"')
    server.script(faults.silence, "11.45.45.45.in-addr.arpa")
    run = spf(server, "--time-limit", "500ms", "--format", "json")
    assert run.code == 3 and run.report["problem"] == "out-of-time", run.out


def test_time_limit_and_explanation(server):
    """The result is known: only the explanation is lost."""
    server.script(faults.silence, "why.office-lab.net")
    run = spf(server, "--time-limit", "1s")
    assert run.code == 1 and run.out.startswith("fail\nidentity:"), run.out


def test_interrupt(server, tmp_path):
    """No half report, and 128 + SIGINT."""
    server.script(faults.silence)
    child = subprocess.Popen([binaries.program("mxwatch"), "spf", "-r", server.address, "--ip", CLIENT, "--mail-from", SENDER],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=binaries.environment(tmp_path))
    with child:
        wait_until(server.total, "the first question")
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=10)
    assert (child.returncode, out, err) == (130, b"", b"") and not binaries.sanitizer_reports(tmp_path)


# --- what a hostile record costs

HOSTS = 10  # of each MX, as many as RFC 7208 4.6.4 allows
LIMIT = 1 + 10 * (1 + HOSTS) + (1 + HOSTS) + 1    # the record, ten mx terms, one %{p}, the explanation


def mx_bomb(name, n_hosts=HOSTS, n_addresses=1):
    """MX records of a name, and addresses of their hosts; none is the client's."""
    lines = [f"{name} MX {n} h{n}.{name}." for n in range(n_hosts)]
    return lines + [f"h{n}.{name} A 9.{n}.9.{each}" for n in range(n_hosts) for each in range(n_addresses)]


def ask(lines, more=(), sender="u@top-lab.net"):
    """(run, number of questions) at a server with these records; nothing may be asked twice."""
    with ScriptedServer("\n".join(lines)) as server:
        run = spf(server, *more, sender=sender)
        assert set(server.counts.values()) <= {1}, server.counts
        return run, server.total()


def test_cost_of_ten_mx():
    lines = ['top-lab.net TXT "v=spf1 ' + " ".join(f"mx:m{n}.top-lab.net" for n in range(10)) + ' -all"']
    for n in range(10):
        lines += mx_bomb(f"m{n}.top-lab.net", n_addresses=10)
    run, n_questions = ask(lines)
    assert run.out.startswith("fail\n") and n_questions == 1 + 10 * (1 + HOSTS)


def test_cost_of_the_deepest_nesting():
    """Nine includes below one another, and an mx in the last of them; it all counts once for each term."""
    names = ["top-lab.net", *(f"n{n}.top-lab.net" for n in range(9))]
    lines = [f'{name} TXT "v=spf1 include:{below} -all"' for name, below in zip(names, names[1:])]
    lines += [f'{names[-1]} TXT "v=spf1 mx:m.top-lab.net -all"', *mx_bomb("m.top-lab.net")]
    run, n_questions = ask(lines)
    assert run.out.startswith("fail\n") and n_questions == len(names) + 1 + HOSTS


def test_cost_of_everything():
    """Ten mx, validated names through %{p}, an explanation: the most that one message can make a receiver ask."""
    terms = " ".join(f"mx:m{n}.%{{p}}.top-lab.net" for n in range(10))
    text = f"v=spf1 exp=%{{p}}.why.top-lab.net {terms} -all"
    lines = [f'top-lab.net TXT "{text[:250]}" "{text[250:]}"', 'unknown.why.top-lab.net TXT "found"']
    for n in range(10):
        lines += mx_bomb(f"m{n}.unknown.top-lab.net")
    lines += [f"11.45.45.45.in-addr.arpa PTR p{n:02d}.top-lab.net." for n in range(30)]
    lines += [f"p{n:02d}.top-lab.net A 9.9.9.9" for n in range(30)]
    run, n_questions = ask(lines)
    assert run.out.startswith("fail\nexplanation: found\n") and n_questions == LIMIT


def test_cost_of_the_longest_macros():
    """Names that macros make as long as they can be: each costs one question."""
    terms = " ".join(["exists:%{l}.%{l}.%{l}.%{s}.%{ir}.%{h}.top-lab.net"] * 2)
    local = ".".join(["a" * 60] * 14)
    run, n_questions = ask([f'top-lab.net TXT "v=spf1 {terms} -all"'], sender=f"{local}@top-lab.net", more=("--helo", "h" * 60 + ".net"))
    assert run.out.startswith("fail\n") and n_questions <= 3


def test_too_many_mx_cost_no_addresses():
    run, n_questions = ask(['top-lab.net TXT "v=spf1 mx:m.top-lab.net -all"', *mx_bomb("m.top-lab.net", n_hosts=60)])
    assert run.out.startswith("permerror\n") and n_questions == 2


def test_what_is_over_the_limit_is_not_asked():
    """A bomb of includes: thirty in a record, each leads to the next thirty."""
    run, n_questions = ask(include_bomb("top-lab.net"))
    assert run.out.startswith("permerror\n") and n_questions <= 1 + 10


def include_bomb(name, depth=3):
    lines = []
    for level in range(depth):
        owner = name if level == 0 else f"*.l{level}.{name}"
        terms = " ".join(f"include:i{n}.l{level + 1}.{name}" for n in range(30))
        text = f"v=spf1 {terms} -all"
        lines.append(f"{owner} TXT " + " ".join(f'"{text[at:at + 250]}"' for at in range(0, len(text), 250)))
    return lines


HOSTILE = {
    "ten mx": ['top-lab.net TXT "v=spf1 ' + " ".join(f"mx:m{n}.top-lab.net" for n in range(10)) + ' -all"',
               *(line for n in range(10) for line in mx_bomb(f"m{n}.top-lab.net", n_addresses=10))],
    "includes of includes": include_bomb("top-lab.net"),
    "all of it": [*include_bomb("top-lab.net"), *mx_bomb("top-lab.net", n_hosts=20, n_addresses=5)],
}


@pytest.mark.parametrize("lines", HOSTILE.values(), ids=list(HOSTILE))
def test_cost_for_check(lines, stack):
    """A round of `mxwatch check` asks each resolver no more than 100 questions, whatever the domain publishes."""
    servers = [stack.enter_context(ScriptedServer("\n".join(lines))) for _ in range(3)]
    run = command.check("top-lab.net", servers)
    totals = [server.total() for server in servers]
    assert all(10 < total <= 100 for total in totals), totals
    over = run.finding("spf-too-many-lookups") is not None
    assert over == (lines is not HOSTILE["ten mx"])
