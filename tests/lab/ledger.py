"""What the store says was told, held against what a webhook receiver got: what must be so after any number of kills.

`check(store, received)` asserts that nothing was lost, nothing invented, nothing told twice under two ids, that the first
receipts of a key come in order and make sense, and that the last of them says what the store says. It wants a store whose
deliveries are all done.
"""

import collections
import contextlib
import re
import sqlite3
from dataclasses import dataclass

DELIVERED = 1
SEVERITIES = ("ok", "info", "unknown", "warning", "critical")    # as the store numbers them
ID = re.compile(r"(?P<key>[a-z0-9]+-[a-z0-9]+)-(?P<seq>[0-9]+)(?:-r(?P<repeat>[0-9]+))?")
NO_TROUBLE = ("ok", "unknown")
IN_TROUBLE = ("warning", "critical")


@dataclass(frozen=True)
class Told:
    """A row of the store's events."""
    id: str
    domain: str
    check: str
    seq: int
    kind: str
    before: str         # "from" is a keyword
    after: str
    statuses: tuple     # of its deliveries


@dataclass(frozen=True)
class Tally:
    """How much a check was about."""
    n_events: int
    n_requests: int
    n_extra: int        # receipts of what was received before
    n_unacknowledged: int

    def __str__(self):
        return (f"{self.n_events} events told, {self.n_requests} requests, {self.n_extra} extra receipts, "
                f"{self.n_unacknowledged} without an acknowledgement")


def read_store(path):
    """(events, {(domain, check): what people were told last})."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as store:
        statuses = collections.defaultdict(list)
        for event, status in store.execute("SELECT event_id, status FROM delivery ORDER BY id"):
            statuses[event].append(status)
        events = [Told(*row, tuple(statuses.pop(row[0], ()))) for row in
                  store.execute("SELECT id, domain, check_name, seq, kind, from_state, to_state FROM event")]
        assert not statuses, f"deliveries without an event: {list(statuses)}"
        states = {tuple(row[:2]): row[2] for row in store.execute("SELECT domain, check_name, told FROM state")}
    return events, states


def place(event_id):
    """(key, seq, repeat) of an id; the repeat is 0 but in a reminder."""
    match = ID.fullmatch(event_id)
    assert match, f"not the documented form of an id: {event_id}"
    return match["key"], int(match["seq"]), int(match["repeat"] or 0)


def first_receipts(received):
    """{id: its first request}, in the order of their arrival."""
    first = {}
    for each in received:
        first.setdefault(each.id, each)
    return first


def check_bodies(received):
    """The id of the header is that of the body, and one id has one body."""
    bodies = collections.defaultdict(set)
    for each in received:
        assert each.id == each.json["id"]
        bodies[each.id].add(each.body)
    several = [event for event, texts in bodies.items() if len(texts) > 1]
    assert not several, f"ids with several bodies: {several}"


def check_complete(events, received):
    """Every event that had a delivery arrived, and nothing else did."""
    told = {each.id for each in events if each.statuses}
    arrived = {each.id for each in received if each.status == 200}
    assert not told - arrived, f"lost: {sorted(told - arrived)}"
    assert not {each.id for each in received} - told, "received, but not in the store"
    assert {status for each in events for status in each.statuses} <= {DELIVERED}


def check_store(events):
    """The sequence of a key has no hole and no number twice. What is not a problem's kind has its own rules."""
    of_key = collections.defaultdict(list)
    for each in events:
        key, seq, repeat = place(each.id)
        assert seq == each.seq
        if not repeat:
            of_key[key].append(seq)
    for key, numbers in of_key.items():
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), f"{key}: {sorted(numbers)}"


def is_next(told, last):
    """May this event of a domain's check come after such a state, None at first?"""
    if told.before != last and (told.before in IN_TROUBLE or last in IN_TROUBLE):
        return False
    worse = told.after in IN_TROUBLE and (told.before in NO_TROUBLE or told.after == "critical" != told.before)
    return {"problem": worse,
            "change": told.before in IN_TROUBLE and told.after in IN_TROUBLE and not worse,
            "reminder": told.before == told.after and told.after in IN_TROUBLE,
            "flapping": told.before in IN_TROUBLE and told.after in IN_TROUBLE,
            "recovery": told.before in IN_TROUBLE and told.after in NO_TROUBLE}[told.kind]


def check_streams(events, received):
    """First receipts of a key are in order, and each begins where the one before it has ended; returns {(domain, check):
    the last of them}. Changes of records and what is about the monitor itself are in order only."""
    told_of = {each.id: each for each in events}
    places, last = {}, {}
    for event in first_receipts(received):
        key, *number = place(event)
        assert places.get(key, [0, 0]) < number, f"{event} after {places[key]}"
        places[key] = number
        told = told_of[event]
        if told.domain and told.kind != "record-change":
            name = told.domain, told.check
            assert is_next(told, last[name].after if name in last else None), f"{told} after {last.get(name)}"
            last[name] = told
    return last


def check_last(last, states):
    """The last that was received of a domain's check is what the store says was told."""
    for key, event in last.items():
        if key in states:
            assert event.after == SEVERITIES[states[key]], f"{key}: {event}, but {SEVERITIES[states[key]]} in the store"


def check_repeats(received, kills):
    """What was acknowledged comes again only if a kill came between; `kills` are times on the clock of the receiver.

    Returns how many receipts were extra: each of them is after one whose acknowledgement was not given or lost in a kill.
    """
    acknowledged, seen, n_extra = {}, set(), 0
    for each in received:
        life = sum(at < each.at for at in kills)
        assert acknowledged.get(each.id) != life, f"{each.id} was acknowledged and came again without a kill"
        if each.status == 200:
            acknowledged[each.id] = life
        if each.status in (200, None):
            n_extra += each.id in seen
            seen.add(each.id)
    return n_extra


def check(store, received, kills=()):
    """All of it; see the module's text. Returns a Tally."""
    events, states = read_store(store)
    check_bodies(received)
    check_complete(events, received)
    check_store(events)
    check_last(check_streams(events, received), states)
    n_unacknowledged = sum(each.status is None for each in received)
    return Tally(sum(bool(each.statuses) for each in events), len(received), check_repeats(received, kills), n_unacknowledged)
