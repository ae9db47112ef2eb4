"""The storage rows of the fault matrix, N11 to N14. The disk is made to fail by disk_fault.c; what a few hundred damaged files
lead to is in tests/unit/test_store_damage.c, for it takes no daemon."""

import contextlib
import errno
import sqlite3
import time

import pytest

from lab import binaries, notifiers
from lab.daemon import Daemon, configuration
from lab.proc import wait_until
from lab.scenario import run_scenario
from lab.scripted import edit_all, wait_watched
from lab.zones import DOMAIN

NO_MX = f"- {DOMAIN} MX"
MX = (f"+ {DOMAIN} MX 10 alpha.{DOMAIN}.", f"+ {DOMAIN} MX 20 beta.{DOMAIN}.")
ANOTHER_INSTANCE = 75
FAILURE = 1


def summaries(sink, kind="monitor"):
    return [event["summary"] for event in sink.events(kind)]


def wait_summary(sink, part, timeout=30):
    return wait_until(lambda: [text for text in summaries(sink) if part in text], f"an event with {part!r}", timeout)[0]


class Disk:
    """Fails on request, in the daemon only."""

    def __init__(self, directory):
        self._file = directory / "disk-fault"
        self.env = {"LD_PRELOAD": binaries.build_dir() / "tests/faults/disk_fault.so", "MXWATCH_DISK_FAULT": self._file}

    def fail(self, calls, number):
        self._file.with_suffix(".new").write_text(f"{calls} {number}\n")
        self._file.with_suffix(".new").rename(self._file)

    def heal(self):
        self._file.unlink()


@pytest.fixture
def disk(tmp_path):
    return Disk(tmp_path)


@pytest.fixture
def watching(servers, sink, start_daemon, disk):
    """watching(): a daemon on that disk that watches the one domain."""
    def start(**more):
        daemon = start_daemon(servers, [DOMAIN], [notifiers.webhook("hook", sink.url())], env=disk.env, **more)
        wait_watched(servers, DOMAIN)
        return daemon
    return start


# --- N11: disk full, quota

@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT], ids=["full", "quota"])
def test_n11_disk_full(number, servers, sink, disk, watching):
    """Checks go on, nothing is told that is not stored; with room again it is, once, and nothing was lost."""
    daemon = watching()
    disk.fail("write", number)
    edit_all(servers, NO_MX)
    daemon.wait_log("events are not stored and so not sent", count=2)
    wait_watched(servers, DOMAIN)
    assert sink.received == [] and daemon.process.running()
    disk.heal()
    assert sink.wait_event("problem", DOMAIN)["to"] == "critical"
    edit_all(servers, *MX)
    sink.wait_event("recovery", DOMAIN)
    assert [event["kind"] for event in sink.events(domain=DOMAIN)] == ["problem", "recovery"]


@pytest.mark.parametrize("name", ["disk-full", "disk-full-delivery", "disk-full-removal", "disk-full-for-hours"])
def test_n11_that_the_disk_is_full_is_told(name):
    """After a minute, without being stored; its end, too. What waits stays bounded."""
    run_scenario(name)


# --- N12: the disk fails, or is read-only

@pytest.mark.parametrize("calls, number", [("sync", errno.EIO), ("write", errno.EIO)], ids=["fsync", "write"])
def test_n12_disk_that_fails_once(calls, number, servers, sink, disk, watching):
    """Told at once; the store is opened again and checked, and all goes on as after a restart."""
    daemon = watching()
    pid = daemon.pid
    disk.fail(calls, number)
    edit_all(servers, NO_MX)
    wait_summary(sink, "the store cannot be trusted any more")
    disk.heal()
    wait_summary(sink, "the store was opened again and is good")
    sink.wait_event("problem", DOMAIN)
    assert daemon.pid == pid and daemon.process.running()
    edit_all(servers, *MX)
    sink.wait_event("recovery", DOMAIN)
    assert [event["kind"] for event in sink.events(domain=DOMAIN)] == ["problem", "recovery"]
    assert not list(daemon.state_dir.glob("*.corrupt.*")), "a disk that fails says nothing about the file"


@pytest.mark.parametrize("calls, number", [("sync", errno.EIO), ("write", errno.EROFS)], ids=["fsync", "read-only"])
def test_n12_disk_that_stays_bad(calls, number, servers, sink, disk, watching):
    """Told, and then the end; the next start finds everything that was stored."""
    daemon = watching()
    disk.fail(calls, number)
    edit_all(servers, NO_MX)
    wait_summary(sink, "the store cannot be trusted any more")
    assert daemon.process.wait() == FAILURE
    daemon.stop()
    assert sink.events(domain=DOMAIN) == []
    disk.heal()
    daemon.start()
    sink.wait_event("problem", DOMAIN)


# --- N13: the store is locked, or used by another instance

def test_n13_second_instance(servers, sink, watching, tmp_path, disk):
    """Exit status 75 and a clear word; the first one does not notice."""
    first = watching()
    directory = tmp_path / "second"
    directory.mkdir()
    second = Daemon(directory, configuration(servers, [DOMAIN], [notifiers.webhook("hook", sink.url())]))
    second.write_config(first.config_path.read_text())
    second.start(ready=False)
    assert second.process.wait() == ANOTHER_INSTANCE
    assert f"{first.state_dir}: another mxwatchd uses this state directory" in second.log()
    second.stop()
    edit_all(servers, NO_MX)
    sink.wait_event("problem", DOMAIN)


def lock_store(daemon):
    """Somebody with sqlite3 on the store, in the middle of writing."""
    connection = sqlite3.connect(daemon.state_dir / "mxwatch.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    return contextlib.closing(connection)


def test_n13_locked_for_a_while(servers, sink, watching):
    """The loop waits for nobody; what could not be stored comes when the lock is gone."""
    daemon = watching()
    with lock_store(daemon):
        edit_all(servers, NO_MX)
        daemon.wait_log("database is locked", count=2)
        assert daemon.loop_lag()[1] < 500
        assert sink.received == []
    sink.wait_event("problem", DOMAIN)


def test_n13_locked_at_the_start(servers, sink, watching):
    """It is waited for, longer than a command of somebody's holds it."""
    daemon = watching()
    assert daemon.stop() == 0
    with lock_store(daemon) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        daemon.start(ready=False)
        time.sleep(2)
    wait_until(lambda: daemon.notify.count("READY"), "the start")


# --- N14: the store is damaged, cut off, of another version

def zero(path):
    path.write_bytes(b"")


def garbage(path):
    path.write_bytes(b"no database at all" * 500)


def flip_pages(path):
    octets = bytearray(path.read_bytes())
    for at in range(4096, len(octets), 4096):
        octets[at:at + 512] = bytes(255 - each for each in octets[at:at + 512])
    path.write_bytes(octets)


def cut(path):
    path.write_bytes(path.read_bytes()[:10000])


@pytest.mark.parametrize("spoil", [zero, garbage, flip_pages, cut])
def test_n14_damaged_store_is_set_aside_and_told(spoil, servers, sink, watching):
    """One summary event for every notifier, not one a domain; the damaged file is kept, a problem that lasts is told anew."""
    daemon = watching()
    edit_all(servers, NO_MX)
    sink.wait_event("problem", DOMAIN)
    assert daemon.stop() == 0
    spoil(daemon.state_dir / "mxwatch.db")
    daemon.start()
    sink.wait(lambda each: each.json["kind"] == "problem", count=2)
    events = sink.events("monitor")
    assert len(events) == 1 and "damaged" in events[0]["summary"]
    assert (events[0]["domain"], events[0]["check"]) == (None, None)
    assert list(daemon.state_dir.glob("mxwatch.db.corrupt.*"))


def test_n14_damage_is_over_at_the_next_start(servers, sink, watching):
    """The start after the one that told it has found the new store good, and says so, once."""
    daemon = watching()
    assert daemon.stop() == 0
    garbage(daemon.state_dir / "mxwatch.db")
    daemon.start()
    wait_summary(sink, "damaged")
    for _ in range(2):
        assert daemon.stop() == 0
        daemon.start()
        wait_summary(sink, "begun anew is good")
    assert daemon.stop() == 0
    assert [each["to"] for each in sink.events("monitor")] == ["warning", "ok"]


def test_n14_found_to_be_damaged_in_use(servers, sink, watching):
    """What the check at the start cannot see is found later: set aside and told, without an end of the process."""
    daemon = watching()
    edit_all(servers, NO_MX)
    sink.wait_event("problem", DOMAIN)
    wait_until(lambda: daemon.pending() == 0, "the acknowledgement in the store")
    assert daemon.stop() == 0
    with contextlib.closing(sqlite3.connect(daemon.state_dir / "mxwatch.db", isolation_level=None)) as store:
        # An index that knows of a row that is not there: quick_check does not compare the two.
        root, = store.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'delivery_open'").fetchone()
        store.execute("INSERT INTO delivery SELECT id + 1, event_id, notifier, key_hash, 0, 0, created, updated, text,"
                      " x'01', 0 FROM delivery LIMIT 1")
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = store.execute("PRAGMA page_size").fetchone()[0]
        path = daemon.state_dir / "mxwatch.db"
        kept = path.read_bytes()[(root - 1) * page:root * page]
        store.execute("DELETE FROM delivery WHERE request = x'01'")
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    octets = bytearray(path.read_bytes())
    octets[(root - 1) * page:root * page] = kept
    path.write_bytes(octets)
    daemon.start()
    wait_summary(sink, "damaged")
    sink.wait(lambda each: each.json["kind"] == "problem", count=2)
    assert list(daemon.state_dir.glob("mxwatch.db.corrupt.*"))


def test_n14_log_that_was_cut_off(servers, sink, watching):
    """What a power cut leaves of the write-ahead log: a part of the history, and no damage."""
    daemon = watching()
    edit_all(servers, NO_MX)
    sink.wait_event("problem", DOMAIN)
    wait_until(lambda: daemon.pending() == 0, "the acknowledgement in the store")
    daemon.kill()
    log = daemon.state_dir / "mxwatch.db-wal"
    octets = log.read_bytes()
    log.write_bytes(octets[:len(octets) - 5000])
    daemon.start()
    edit_all(servers, *MX)
    wait_until(lambda: summaries(sink, "recovery") or len(summaries(sink, "problem")) > 1, "an event after the cut", 20)
    assert summaries(sink) == [] and not list(daemon.state_dir.glob("*.corrupt.*"))


def test_n14_store_of_a_later_version(servers, watching):
    """Refused with a clear word, and left alone."""
    daemon = watching()
    assert daemon.stop() == 0
    path = daemon.state_dir / "mxwatch.db"
    with contextlib.closing(sqlite3.connect(path)) as store:
        store.execute("PRAGMA user_version = 1000")
    before = path.read_bytes()
    daemon.start(ready=False)
    assert daemon.process.wait() == FAILURE
    assert "written by a later version of mxwatch; it is left alone" in daemon.log()
    assert path.read_bytes() == before
