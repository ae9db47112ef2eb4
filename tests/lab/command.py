"""Run `mxwatch` and read what it says."""

import json
import pathlib
import subprocess
import tempfile
from dataclasses import dataclass

from . import binaries, yamltext

RUN_LIMIT_S = 120
EXIT_OF = {"ok": 0, "warning": 1, "critical": 2, "unknown": 3}


@dataclass
class Run:
    """One finished command."""
    code: int
    out: str
    err: str

    @property
    def report(self):
        """The JSON object of `--format json`; anything else on stdout is a fault of its own."""
        return json.loads(self.out)

    def domain(self, name=None):
        """The part of one domain; without a name, of the only one."""
        domains = self.report["domains"]
        if name is None:
            assert len(domains) == 1, [each["domain"] for each in domains]
            return domains[0]
        return next(each for each in domains if each["domain"] == name)

    def findings(self, name=None):
        """All findings of a domain, each with the `check` it came from."""
        return [finding | {"check": check["check"]}
                for check in self.domain(name)["checks"] for finding in check["findings"]]

    def ids(self, *severities):
        """{(id, severity)} of the findings that have one of the severities (or any, when none is given)."""
        return {(each["id"], each["severity"]) for each in self.findings()
                if not severities or each["severity"] in severities}

    def finding(self, finding_id, subject=None):
        """The first finding with this id (and subject), or None."""
        return next((each for each in self.findings() if each["id"] == finding_id
                     and subject in (None, each["subject"])), None)


def run(*arguments, **env):
    """`mxwatch ARGUMENTS`; never waits for ever."""
    with tempfile.TemporaryDirectory(prefix="mxwatch-run-") as directory:
        done = subprocess.run(
            [str(binaries.program("mxwatch")), *map(str, arguments)], stdin=subprocess.DEVNULL,
            capture_output=True, timeout=RUN_LIMIT_S, env=binaries.environment(directory, **env))
        reports = binaries.sanitizer_reports(directory)
    if reports:
        raise AssertionError("sanitizer: " + "\n".join(reports))
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace"))


def check(domain, servers, timeout="5s", profile=None, checks=None, top=None):
    """`mxwatch check --format json` of one domain at some servers.

    `profile` (keys of a domain) and `top` (keys of the whole file) need a configuration; without
    them the resolvers are given by -r, as a user without a file does.
    """
    addresses = [server.address for server in servers]
    arguments = ["check", "--format", "json", "--timeout", timeout]
    if checks:
        arguments += ["--checks", checks]
    if not profile and not top:
        for address in addresses:
            arguments += ["-r", address]
        return run(*arguments, domain)
    config = {"resolvers": addresses, **(top or {}), "domains": [{"name": domain, **(profile or {})}]}
    with tempfile.TemporaryDirectory(prefix="mxwatch-conf-") as directory:
        path = pathlib.Path(directory) / "mxwatch.yaml"
        path.write_text(yamltext.dump(config))
        return run(*arguments, "-c", path, domain)
