"""The form of the cases of SPF (spf_records.py, spf_evaluation.py) and their judge: a zone, a client, a sender, and the result
that a receiver must come to by RFC 7208.

A world is a zone with the cases that live in it. Results and explanations are compared exactly. Names end in `-lab.net`; C4
and C6 are the client's addresses.
"""

from dataclasses import dataclass, field

from lab import command

C4, C6 = "45.45.45.11", "2a10:4540:1::11"
C6_NIBBLES = "1.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.0.4.5.4.0.1.a.2"
C6_DOTTED = ".".join(reversed(C6_NIBBLES.split(".")))    # as macro i has it
HELO = "client.helo-lab.net"
REV4, REV6 = "11.45.45.45.in-addr.arpa", f"{C6_NIBBLES}.ip6.arpa"
LONG_LABEL = "a" * 64
EXIT_OF = {"pass": 0, "none": 1, "neutral": 1, "fail": 1, "softfail": 1, "permerror": 2, "temperror": 3}


@dataclass
class Case:
    """One evaluation."""
    name: str
    result: str
    sender: str
    why: str                                    # the section of RFC 7208 that decides, or another RFC
    ip: str = C4
    helo: str = HELO
    explanation: str = None
    faults: dict = field(default_factory=dict)  # {"NAME TYPE": fault}
    args: tuple = ()
    zone: str = ""
    timeout: str = "10s"

    def __str__(self):
        return f"{self.why} {self.name}"

    def is_slow(self):
        """Waits for a timeout: not worth a repetition under every disturbance."""
        return self.timeout != "10s"

    def arguments(self):
        return ["--ip", self.ip, "--helo", self.helo, "--mail-from", self.sender, "--timeout", self.timeout, *self.args]

    def prepare(self, server, disturbance=None, transport=None):
        """Scripts the case's own faults over a disturbance of everything."""
        if disturbance:
            server.script(disturbance, transport=transport)
        for key, fault in self.faults.items():
            server.script(fault, *key.split())

    def judge(self, server):
        """Runs the command and asserts everything that the case says."""
        run = command.run("spf", "-r", server.address, *self.arguments())
        lines = run.out.splitlines()
        second = lines[1] if lines[1:] else ""
        explanation = second.removeprefix("explanation: ") if second.startswith("explanation: ") else None
        told = f"{run.out}\n{run.err}"
        assert lines[:1] == [self.result], told
        assert explanation == self.explanation, told
        assert run.code == EXIT_OF[self.result], told


def world(zone, *cases):
    for case in cases:
        case.zone = zone
    return list(cases)


def strings(text):
    """TXT RDATA: the text in character-strings of no more than 255 octets."""
    return " ".join(f'"{text[at:at + 255]}"' for at in range(0, len(text), 255))


def rows(domain, why, *table, zone="", **more):
    """A world of records that differ in their text alone: (text, result) or (text, result, client). Row N is at mN.DOMAIN."""
    cases = []
    for number, (text, result, *client) in enumerate(table):
        cases.append(Case(text, result, f"u@m{number}.{domain}", why, ip=client[0] if client else C4, **more))
    lines = [f'm{number}.{domain} TXT {strings(row[0])}' for number, row in enumerate(table)]
    return world("\n".join(lines) + "\n" + zone, *cases)


