"""Record changes (`notify_changes`) end to end: what the webhook gets, what syslog says, and what the store keeps."""

import sqlite3
import time

from lab import notifiers
from lab.proc import wait_until
from lab.scripted import edit_all, wait_watched
from lab.zones import DOMAIN

QUIET_S = 4    # several intervals of the lab's daemons
NEW_MX = (f"- {DOMAIN} MX", f"+ {DOMAIN} MX 10 alpha.{DOMAIN}.")


def query(daemon, sql):
    """Rows of the daemon's store."""
    db = sqlite3.connect(f"file:{daemon.state_dir}/mxwatch.db?mode=ro", uri=True)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def wait_known(daemon, types):
    """The first sets of these types are in the store."""
    wait_until(lambda: query(daemon, "SELECT type FROM record_set ORDER BY type") == [(each,) for each in types],
               "the first sets")


def changes(sink):
    return [event["change"]["type"] for event in sink.events("record-change", DOMAIN)]


def test_change_is_told_once(servers, sink, syslog, start_daemon):
    daemon = start_daemon(servers, [DOMAIN],
                          [notifiers.webhook("hook", sink.url()), notifiers.syslog_unix("log", syslog.path)],
                          notify_changes=["mx", "spf", "ns"])
    wait_watched(servers, DOMAIN)
    wait_known(daemon, ["mx", "ns", "spf"])
    assert sink.received == []

    servers[0].records.edit(*NEW_MX)    # one of three: nothing
    time.sleep(QUIET_S)
    assert sink.received == []
    for server in servers[1:]:
        server.records.edit(*NEW_MX)
    event = sink.wait_event("record-change", DOMAIN)
    assert (event["check"], event["from"], event["to"], event["duration_s"]) == ("consistency", "ok", "ok", 0)
    assert event["change"] == {"type": "mx", "old": [f"10 alpha.{DOMAIN}", f"20 beta.{DOMAIN}"],
                               "new": [f"10 alpha.{DOMAIN}"]}
    assert event["summary"] == f"{DOMAIN} MX changed: 10 alpha.{DOMAIN}, 20 beta.{DOMAIN} -> 10 alpha.{DOMAIN}"
    (finding,) = event["findings"]
    assert (finding["id"], finding["severity"], finding["subject"]) == ("cons-changed", "info", "mx")
    assert len(finding["votes"]["yes"]) >= 2
    assert {each["type"] for each in finding["evidence"]} == {"MX"} and len(finding["evidence"]) == 3
    assert finding["evidence"][0]["answers"] == [f"10 alpha.{DOMAIN}."]
    assert f"dig {DOMAIN} MX" in finding["reproduce"][0]
    assert event["summary"] in syslog.wait("MX changed")
    time.sleep(QUIET_S)
    assert changes(sink) == ["mx"]

    history = query(daemon, "SELECT domain, type, old, new, event_id FROM record_change")
    assert history == [(DOMAIN, "mx", f"10 alpha.{DOMAIN}\n20 beta.{DOMAIN}", f"10 alpha.{DOMAIN}", event["id"])]
    assert daemon.stop() == 0


def test_change_in_the_downtime(servers, sink, start_daemon):
    """The sets outlive a kill: what changed meanwhile is told once, and nothing else."""
    daemon = start_daemon(servers, [DOMAIN], [notifiers.webhook("hook", sink.url())], notify_changes=True,
                          checks=["consistency"])
    wait_known(daemon, ["address", "mx", "ns", "spf"])
    daemon.kill()
    edit_all(servers, *NEW_MX)
    daemon.start()
    wait_until(lambda: changes(sink) == ["mx", "address"], "both changes")
    assert daemon.stop() == 0
    daemon.start()
    time.sleep(QUIET_S)
    assert changes(sink) == ["mx", "address"] and len(sink.received) == 2
