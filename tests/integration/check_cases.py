"""The form of a row in the tables of `mxwatch check`, and its judge.

A row says how the zone differs from zones.HEALTHY (`edits`), how the resolvers fail (`faults`), and what
must be found. `problems` is compared exactly with the findings of severity warning and critical, so
that a false alarm fails a row as surely as a missed one.
"""

from dataclasses import dataclass, field

from lab import zones
from lab.command import EXIT_OF

D = zones.DOMAIN
PROBLEMS = ("warning", "critical")


def parse(texts):
    """{(id, severity)} of texts such as "mx-none critical"."""
    return {tuple(text.split()) for text in texts}


@dataclass
class Case:
    """One zone or fault, and its verdict."""
    name: str
    problems: list = field(default_factory=list)    # exactly these warnings and criticals
    state: str = None                               # of the domain; by default what `problems` make
    edits: list = field(default_factory=list)       # at all resolvers
    edits_at: dict = field(default_factory=dict)    # {index: edits}
    faults: dict = field(default_factory=dict)      # {"NAME TYPE" or "*": fault}, at all resolvers
    faults_at: dict = field(default_factory=dict)   # {index: {...}}
    also: list = field(default_factory=list)        # further findings that must be there
    never: list = field(default_factory=list)       # ids that must not be there, whatever their severity
    maybe: list = field(default_factory=list)       # ids that are right, but not owed (a later tier)
    domain: str = D
    resolvers: int = 3
    profile: dict = None
    timeout: str = "3s"

    def __str__(self):
        return self.name

    def expected_state(self):
        if self.state:
            return self.state
        severities = {severity for _, severity in parse(self.problems)}
        return "critical" if "critical" in severities else "warning" if severities else "ok"

    def prepare(self, servers):
        """Bring the servers into the state of the row."""
        for index, server in enumerate(servers):
            server.records.edit(*self.edits, *self.edits_at.get(index, []))
            for key, fault in (self.faults | self.faults_at.get(index, {})).items():
                name, _, rdtype = key.partition(" ")
                server.script(fault, None if name == "*" else name, rdtype or None)

    def judge(self, run):
        """Assert everything that the row says about a finished command."""
        found = run.ids()
        problems = {pair for pair in found if pair[1] in PROBLEMS and pair[0] not in self.maybe}
        told = f"{run.out}\n{run.err}"
        assert problems == parse(self.problems), told
        assert parse(self.also) <= found, told
        assert not {finding_id for finding_id, _ in found} & set(self.never), told
        states = {run.domain()["state"], run.report["state"]}
        if not {pair[0] for pair in found} & set(self.maybe):
            assert states == {self.expected_state()}, told
            assert run.code == EXIT_OF[self.expected_state()], told
        else:
            assert run.code == EXIT_OF[run.report["state"]], told
        for finding in run.findings():
            check_votes(finding, self.resolvers)


def check_votes(finding, n_resolvers):
    """Every resolver stands in exactly one of the three lists."""
    votes = finding["votes"]
    names = [name for kind in ("yes", "no", "unknown") for name in votes[kind]]
    assert len(names) == len(set(names)) == n_resolvers, finding
