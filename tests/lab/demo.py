"""The demonstration: a domain loses its MX, somebody is told; it comes back, somebody is told.

    PYTHONPATH=tests MXWATCH_BUILD=build/demo /usr/bin/python3 -m lab.demo

NSD holds a handful of mail domains, three Unbounds are the upstream resolvers, mxwatchd watches with
shortened intervals and tells a webhook receiver and a syslog socket. Everything is on loopback and in
one temporary directory, and everything is gone at the end. Exit status 0: both alerts arrived twice.
"""

import json
import pathlib
import signal
import sys
import tempfile
import time

from . import maildomains, notifiers, webhooks
from .command import run as run_mxwatch
from .daemon import Daemon, configuration
from .lab import Lab
from .rsyslog import UnixSyslog
from .sink import Sink

VICTIM = "mail-lab.net"
SECRET = "whsec_bXh3YXRjaCBkZW1vIHNlY3JldCBrZXkgMDEyMzQ1"
ALERT_WAIT_S = 20
STARTED = time.monotonic()


def say(text=""):
    """A progress line with the time since the start."""
    print(f"[{time.monotonic() - STARTED:5.1f} s] {text}" if text else "", flush=True)


def show(text):
    """Indented output of something else."""
    for line in text.rstrip().splitlines():
        print(f"          {line}", flush=True)


def settings(lab, sink, syslog_path):
    """The demo's own configuration: the defaults of mxwatch with seconds in the place of minutes."""
    return configuration(
        lab.entries(), maildomains.DOMAINS,
        [notifiers.webhook("hook", sink.url(), secret_file="hook-key"),
         notifiers.syslog_unix("log", syslog_path)],
        interval="2s", retry_interval="1s", timeout="2s", failure_threshold=2, success_threshold=2,
        confirm_age={"critical": "1s", "warning": "2s", "recovery": "1s"})


def show_event(received):
    """The essentials of an alert as it arrived at the webhook."""
    event = received.json
    good = webhooks.verify(SECRET, received.headers, received.body)
    say(f"webhook got `{event['kind']}`, id {event['id']}, signature {'good' if good else 'BAD'}")
    show(f"{event['domain']} {event['check']}: {event['from']} -> {event['to']}")
    show(event["summary"])
    for finding in event["findings"]:
        votes = finding.get("votes", {})
        show(f"finding {finding['id']} ({finding['severity']}): {finding['message']}")
        show("  " + ", ".join(f"{vote}: {' '.join(names) or '-'}" for vote, names in votes.items()))
        for title in ("reproduce", "fix"):
            for line in finding.get(title, []):
                show(f"  {title}: {line}")
    if not good:
        raise AssertionError("the webhook signature does not verify")


def wait_alert(sink, syslog, kind, log_part):
    """The alert of a kind at both receivers."""
    event = sink.wait_event(kind, VICTIM, timeout=ALERT_WAIT_S)
    received = next(each for each in sink.received if each.json["id"] == event["id"])
    show_event(received)
    say("syslog got")
    show(syslog.wait(log_part, timeout=ALERT_WAIT_S))


def wait_watching(sink):
    """All is well: the first round of every domain is over, and nobody was told anything."""
    time.sleep(3)   # one interval and a bit: silence takes time to be heard
    if sink.received:
        raise AssertionError(f"an alert for healthy domains: {sink.received[0].body.decode()}")


def play(directory):
    """The whole piece, in its order."""
    say("starting NSD (five mail domains) and three Unbounds")
    with Lab(directory) as lab, Sink() as sink, \
         UnixSyslog(directory / "log.sock") as syslog:
        daemon = Daemon(directory, settings(lab, sink, syslog.path))
        webhooks.write_secret(daemon.directory / "hook-key", SECRET)
        try:
            say("starting mxwatchd")
            with daemon.start():
                say(f"mxwatchd is ready (pid {daemon.pid}) and watches " + ", ".join(maildomains.DOMAINS))
                wait_watching(sink)
                state = run_mxwatch("check", "-c", daemon.config_path, VICTIM)
                say(f"mxwatch check {VICTIM}")
                show(state.out)
                perform(lab, sink, syslog)
                say("stopping mxwatchd")
            if daemon.process.returncode != 0:
                raise AssertionError(f"mxwatchd ended with {daemon.process.returncode}")
        except BaseException:
            print("\n--- log of mxwatchd\n" + (daemon.log() if daemon.process else "(not started)"))
            print("--- what the webhook got")
            for each in sink.received:
                print(json.dumps(each.json, indent=2))
            print("--- what syslog got\n" + "\n".join(syslog.lines), flush=True)
            raise


def perform(lab, sink, syslog):
    """Delete the MX records, see the alert; restore them, see the recovery."""
    say(f"deleting the MX records of {VICTIM}")
    before = lab.unpublish(VICTIM, " MX ")
    wait_alert(sink, syslog, "problem", "CRITICAL")
    say("restoring them")
    lab.publish(VICTIM, before)
    wait_alert(sink, syslog, "recovery", "was CRITICAL")
    others = [event["domain"] for event in sink.events() if event["domain"] != VICTIM]
    if others:
        raise AssertionError(f"alerts for domains that were well: {others}")


def main():
    # Unwind, and so stop everything, when somebody ends us politely.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with tempfile.TemporaryDirectory(prefix="mxwatch-demo-") as directory:
            play(pathlib.Path(directory))
    except (AssertionError, TimeoutError, RuntimeError, OSError) as error:
        print(f"\ndemo FAILED: {error}", file=sys.stderr)
        return 1
    say("done: everything is stopped, nothing is left on disk")
    return 0


if __name__ == "__main__":
    sys.exit(main())
