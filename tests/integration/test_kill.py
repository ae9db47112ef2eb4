"""kill -9 at random moments, under changes that never stop and before a receiver that fails half of the time: what was
decided arrives, and nothing else does. The seed is printed; MXWATCH_SEED repeats a run as far as timing allows."""

import os
import random
import time

import pytest

from lab import ledger, notifiers
from lab.churn import Churn
from lab.proc import wait_until
from lab.scripted import ScriptedServer
from lab.sink import Drop, Hang, Sink, Status

N_DOMAINS = 20
LONGEST_LIFE_S = 1.4
QUIET_S = 3         # several rounds of the shortened intervals


class Moody:
    """Half of the requests are refused with 500, never answered or dropped."""
    code = None

    def __init__(self, chance):
        self._chance = chance

    def choose(self):
        bad = (Status(500), Hang(), Drop(), Drop(reset=True))
        return Status() if self._chance.random() < 0.5 else self._chance.choice(bad)


class MoodySink(Sink):
    """A receiver whose `default` may choose a mode for every request."""

    def take(self, received):
        mode = super().take(received)
        if isinstance(mode, Moody):
            mode = mode.choose()
            received.status = mode.code
        return mode


def lives(chance, count):
    """How long the daemon lives, so often: every third time hardly long enough to start."""
    return [chance.uniform(0, 0.25 if chance.random() < 1 / 3 else LONGEST_LIFE_S) for _ in range(count)]


def kill_again_and_again(daemon, sink, durations):
    """Starts and kills; returns when each life was over, everything that was sent in it having been read."""
    kills = []
    for seconds in durations:
        daemon.start(ready=False)
        time.sleep(seconds)
        daemon.kill()
        sink.wait_idle()
        kills.append(time.monotonic())
    return kills


def settle(daemon, sink):
    """Until everything is delivered and nothing has come for a while."""
    def is_quiet():
        return daemon.pending() == 0 and time.monotonic() - max(each.at for each in sink.received) > QUIET_S
    wait_until(is_quiet, "an empty outbox and silence", timeout=120)


@pytest.mark.parametrize("n_kills", [25, pytest.param(250, marks=pytest.mark.long)])
def test_kills(n_kills, stack, start_daemon):
    seed = int(os.environ.get("MXWATCH_SEED", random.randrange(1 << 32)))
    print(f"MXWATCH_SEED={seed}")
    chance = random.Random(seed)
    churn = stack.enter_context(Churn(N_DOMAINS, random.Random(seed + 1)))
    servers = [stack.enter_context(ScriptedServer(churn.records)) for _ in range(3)]
    sink = stack.enter_context(MoodySink())
    sink.default = Moody(random.Random(seed + 2))
    daemon = start_daemon(servers, churn.names, [notifiers.webhook("hook", sink.url(), timeout="2s")],
                          failure_threshold=1, success_threshold=1, reminders=["1s", "3s"],
                          confirm_age={"critical": "0s", "warning": "0s", "recovery": "0s"}, flapping={"changes": 0},
                          checks=["mx", "spf"])
    daemon.kill()
    kills = kill_again_and_again(daemon, sink, lives(chance, n_kills))
    churn.stop()
    sink.default = Status()
    daemon.start()
    settle(daemon, sink)
    assert daemon.stop() == 0
    tally = ledger.check(daemon.state_dir / "mxwatch.db", sink.received, kills)
    print(tally)
    assert tally.n_events > n_kills and tally.n_unacknowledged > n_kills / 5, "not much of a load"
    assert not daemon.log_lines("damaged")
