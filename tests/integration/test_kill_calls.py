"""mxwatchd killed at its first durable system call, at its second, at its third and so on, before the call, after it and in
the middle of a write: each time it is started again and a small story goes on to its end, with every message told and
none invented. Every so many calls are tried, beginning anywhere; all of them in ./dev test --long."""

import contextlib
import http.client
import os
import random
import signal
import time

import pytest

from lab import binaries, control, ledger, notifiers
from lab.daemon import Daemon, configuration
from lab.proc import wait_until
from lab.scripted import ScriptedServer, edit_all
from lab.sink import Sink
from lab.zones import DOMAIN, HEALTHY

OTHER = "zweite-lab.net"
MX = (f"+ {DOMAIN} MX 10 alpha.{DOMAIN}.", f"+ {DOMAIN} MX 20 beta.{DOMAIN}.")
QUICK = {"failure_threshold": 1, "success_threshold": 1, "reminders": [],
         "confirm_age": {"critical": "0s", "warning": "0s", "recovery": "0s"}}
QUIET_S = 1.5
LONG = bool(os.environ.get("MXWATCH_LONG"))
N_PARTS, STEP = (6, 6) if LONG else (1, 100)     # for several processes of pytest; every so many calls


class Story:
    """A daemon that is to die at a call, and the world around it; where it has died it is started again, without that.

    This one: a domain breaks, something is silenced, a second domain is added and breaks, the first heals, the second
    is removed.
    """
    told = [("problem", DOMAIN, "critical"), ("problem", OTHER, "critical"), ("recovery", DOMAIN, "ok"),
            ("recovery", OTHER, "unknown")]
    n_silences = 1

    def __init__(self, stack, directory, call, when):
        self.servers = [stack.enter_context(ScriptedServer(HEALTHY + HEALTHY.replace(DOMAIN, OTHER))) for _ in range(2)]
        edit_all(self.servers, f"- {OTHER} MX")
        self.sink = stack.enter_context(Sink())
        directory.mkdir()
        self.daemon = Daemon(directory, self.config(DOMAIN))
        stack.callback(self.daemon.__exit__)
        self.kills = []
        self.prepare()
        self.daemon.start(ready=False, LD_PRELOAD=binaries.build_dir() / "tests/kill/kill_at.so", MXWATCH_KILL_AT=call,
                          MXWATCH_KILL_WHEN=when)

    def prepare(self):
        """What is so before the first start."""

    def config(self, *domains):
        return configuration(self.servers, domains, [notifiers.webhook("hook", self.sink.url())], **QUICK)

    def revive(self):
        """Starts the daemon again if it was killed."""
        if self.daemon.process.running():
            return
        assert self.daemon.process.returncode == -signal.SIGKILL, self.daemon.log()
        self.daemon.kill()
        self.sink.wait_idle()
        self.kills.append(time.monotonic())
        self.daemon.start()

    def until(self, condition, what):
        def happened():
            self.revive()
            return condition()
        wait_until(happened, f"{what}; its log:\n{self.daemon.log()}")

    def until_told(self, kind, domain):
        self.until(lambda: self.sink.events(kind, domain), f"{kind} of {domain}")

    def until_watched(self, domain):
        before = [server.asked(domain, "MX") for server in self.servers]
        self.until(lambda: all(server.asked(domain, "MX") >= n + 2 for server, n in zip(self.servers, before)),
                   f"rounds of {domain}")

    def reload(self, *domains):
        self.daemon.write_config(self.config(*domains))
        self.until(lambda: self.daemon.notify.count("READY"), "READY=1")
        self.daemon.process.signal(signal.SIGHUP)

    def silences(self):
        return control.call(self.daemon.socket, "GET", "silences")[1]["silences"]

    def silence(self):
        def is_silenced():
            try:
                if not self.silences():
                    control.call(self.daemon.socket, "POST", "silences", {"domain": f"*.{DOMAIN}", "for": "1h", "reason": "x"})
                return self.silences()
            except (OSError, http.client.HTTPException):
                return False    # killed before it answered
        self.until(is_silenced, "a silence")

    def stop(self):
        if self.daemon.stop() == -signal.SIGKILL:
            self.revive()
            assert self.daemon.stop() == 0

    def play(self):
        self.until_watched(DOMAIN)
        edit_all(self.servers, f"- {DOMAIN} MX")
        self.until_told("problem", DOMAIN)
        self.silence()
        self.reload(DOMAIN, OTHER)
        self.until_told("problem", OTHER)
        edit_all(self.servers, *MX)
        self.until_told("recovery", DOMAIN)
        self.reload(DOMAIN)
        self.until_told("recovery", OTHER)
        self.stop()

    def check(self):
        """Another start tells nothing; what was told is exactly the story."""
        self.daemon.start()
        wait_until(lambda: self.daemon.pending() == 0, "an empty outbox")
        time.sleep(QUIET_S)
        assert len(self.silences()) == self.n_silences
        assert self.daemon.stop() == 0
        ledger.check(self.daemon.state_dir / "mxwatch.db", self.sink.received, self.kills)
        first = ledger.first_receipts(self.sink.received).values()
        assert [(each.json["kind"], each.json["domain"], each.json["to"]) for each in first] == self.told


class Replacement(Story):
    """The store is damaged: it is set aside, once, and that is told, once; and its end, by another start."""
    told = [("monitor", None, "warning"), ("monitor", None, "ok")]
    n_silences = 0

    def prepare(self):
        (self.daemon.state_dir / "mxwatch.db").write_bytes(b"no database at all" * 500)

    def play(self):
        self.until_watched(DOMAIN)
        self.until_told("monitor", None)
        self.stop()

    def check(self):
        super().check()
        assert len(list(self.daemon.state_dir.glob("mxwatch.db.corrupt.*"))) == 1


def is_reached(kind, directory, call, when):
    """One story; was anything killed?"""
    with contextlib.ExitStack() as stack:
        story = kind(stack, directory, call, when)
        story.play()
        story.check()
        return bool(story.kills)


@pytest.mark.parametrize("first", range(N_PARTS))
@pytest.mark.parametrize("when", ["before", "after", "torn"])
@pytest.mark.parametrize("kind, step", [(Story, STEP), (Replacement, min(STEP, 20))], ids=["story", "replacement"])
def test_kill_at_every_call(kind, step, when, first, tmp_path):
    begin = call = 1 + first * step // N_PARTS + random.randrange(step // N_PARTS)
    while is_reached(kind, tmp_path / str(call), call, when):
        call += step
    assert call > begin, "nothing was killed at all"
