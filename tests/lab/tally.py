"""Count test cases for ./dev: prints `PASSED FAILED SKIPPED` of one result file, failures to stderr.

    tally.py meson FILE       meson's testlog.json; the cases inside a cmocka program count one by one
    tally.py programs FILE    the same file, each program one case (for the valgrind pass)
    tally.py junit FILE       a JUnit file, as pytest writes it
"""

import json
import pathlib
import re
import sys
import xml.etree.ElementTree

CMOCKA_PASSED = re.compile(r"^\[  PASSED  \] (\d+) test", re.M)
CMOCKA_FAILED = re.compile(r"^\[  FAILED  \] (\d+) test", re.M)
CLOSING_LINE = re.compile(r"^(\d+) passed, (\d+) failed", re.M)
SHOWN_LINES = 60


def complain(name, text):
    """The last lines of a failed test's output."""
    lines = text.rstrip().splitlines()[-SHOWN_LINES:]
    print(f"--- FAILED {name}", *lines, sep="\n", file=sys.stderr)


def cases_of(entry):
    """(passed, failed) of one meson test by what it printed; a crash is a failed case of its own."""
    good = entry["result"] in ("OK", "EXPECTEDFAIL")
    output = (entry.get("stdout") or "") + "\n" + (entry.get("stderr") or "")
    passed = sum(int(each) for each in CMOCKA_PASSED.findall(output))
    failed = sum(int(each) for each in CMOCKA_FAILED.findall(output))
    for each in CLOSING_LINE.findall(output):
        passed += int(each[0])
        failed += int(each[1])
    if good and passed + failed == 0:
        passed = 1
    if not good and failed == 0:
        failed = 1
    return passed, failed


def tally_meson(path, programs):
    passed = failed = skipped = 0
    for line in path.read_text().splitlines():
        entry = json.loads(line)
        if entry["result"] == "SKIP":
            skipped += 1
            continue
        more = cases_of(entry)
        if more[1]:
            complain(entry["name"], (entry.get("stdout") or "") + "\n" + (entry.get("stderr") or ""))
        if programs:
            more = (0, 1) if more[1] else (1, 0)
        passed, failed = passed + more[0], failed + more[1]
    return passed, failed, skipped


def tally_junit(path):
    """pytest has shown its failures itself."""
    passed = failed = skipped = 0
    for suite in xml.etree.ElementTree.parse(path).getroot().iter("testsuite"):
        bad = int(suite.get("failures")) + int(suite.get("errors"))
        skipped += int(suite.get("skipped"))
        failed += bad
        passed += max(0, int(suite.get("tests")) - bad - int(suite.get("skipped")))
    return passed, failed, skipped


def main():
    kind, path = sys.argv[1], pathlib.Path(sys.argv[2])
    if not path.exists():
        print("0 0 0")
        return
    result = tally_junit(path) if kind == "junit" else tally_meson(path, kind == "programs")
    print(*result)


if __name__ == "__main__":
    main()
