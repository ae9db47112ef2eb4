"""Domains whose records change all the time."""

import threading

from . import zones
from .records import Records

# What may be wrong with a domain of zones.many(): edits of its healthy records.
TROUBLES = [
    ("- {0} MX",),
    ("- a.{0}", "- b.{0}"),
    ("- {0} TXT",),
    ("- {0} TXT", '+ {0} TXT "v=spf1 mx ip4:300.1.1.1 -all"'),
    ("- {0} TREE",),
]


class Churn:
    """So many domains in one set of records; from start() to stop() every `pause_s` one of them, by chance, breaks or heals."""

    def __init__(self, count, chance, pause_s=0.05):
        self.names, text = zones.many(count)
        self.records = Records(text)
        self._healthy = {name: [line for line in text.splitlines() if name in line.split()[0]] for name in self.names}
        self._chance = chance
        self._pause_s = pause_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def heal(self, name):
        self.records.edit(f"- {name} TREE", *(f"+ {line}" for line in self._healthy[name]))

    def step(self):
        name = self._chance.choice(self.names)
        self.heal(name)
        if self._chance.random() < 0.6:
            self.records.edit(*(line.format(name) for line in self._chance.choice(TROUBLES)))

    def _run(self):
        while not self._stopping.wait(self._pause_s):
            self.step()

    def stop(self):
        """The last change: all are healthy."""
        self._stopping.set()
        self._thread.join()
        for name in self.names:
            self.heal(name)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.stop()
