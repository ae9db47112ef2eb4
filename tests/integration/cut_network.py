"""A daemon whose whole network is cut off and comes back: run by test_gate.py in a network namespace of its own, where cutting
it off is taking the loopback interface down. Of its domains one is broken before, one breaks in the dark, and the others stay
well. Prints the events that the receiver got, in their order, as JSON lines.

    cut_network.py DIRECTORY
"""

import contextlib
import json
import pathlib
import subprocess
import sys
import time

from lab import notifiers
from lab.daemon import Daemon, configuration
from lab.proc import wait_until
from lab.scripted import ScriptedServer, edit_all, wait_watched
from lab.sink import Sink
from lab.zones import DOMAIN, HEALTHY

DARK_S = 8          # many rounds and ticks of the shortened intervals
BROKEN, WELL = "kaputt-lab.net", [f"gesund{i}-lab.net" for i in range(8)]


def set_loopback(state):
    subprocess.run(["ip", "link", "set", "lo", state], check=True, stdin=subprocess.DEVNULL)


def wait_summary(sink, part):
    wait_until(lambda: any(part in event["summary"] for event in sink.events()), f"an event with {part!r}")


def main():
    set_loopback("up")
    with contextlib.ExitStack() as stack:
        zones = "".join(HEALTHY.replace(DOMAIN, name) for name in (DOMAIN, BROKEN, *WELL))
        servers = [stack.enter_context(ScriptedServer(zones)) for _ in range(3)]
        edit_all(servers, f"- {BROKEN} MX")
        sink = stack.enter_context(Sink())
        config = configuration(servers, [DOMAIN, BROKEN, *WELL], [notifiers.webhook("hook", sink.url())])
        daemon = stack.enter_context(Daemon(pathlib.Path(sys.argv[1]), config))
        wait_watched(servers, DOMAIN)
        sink.wait_event("problem", BROKEN)
        set_loopback("down")
        time.sleep(DARK_S)
        edit_all(servers, f"- {DOMAIN} MX")     # it breaks while nobody can see it
        set_loopback("up")
        wait_summary(sink, "canaries again")
        sink.wait_event("problem", DOMAIN)
        time.sleep(DARK_S / 2)
        assert daemon.stop() == 0
    for event in sink.events():
        print(json.dumps(event))


main()
