#!/usr/bin/python3
"""Hold the manual pages to the programs: every option and every key is described, and nothing else is.

    manpages.py MXWATCH MXWATCHD DIRECTORY      the built programs and docs/man; exit 1 when something differs
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys

# Tables of `mxwatch list options` and the subsections that describe them. Top-level keys may stand with those
# of a domain, whose defaults they are. A check's own table is named after it.
SECTIONS = {
    "(top level)": ["Top level", "Keys of a domain"], "domains[]": ["Keys of a domain"],
    "(top level), domains[]": ["Keys of a domain"],
    "domains[].expect": ["Keys of expect"], "domains[].expect.mx, spf, ns, ptr": ["Keys of a type in expect"],
    "confirm_age": ["Keys of confirm_age"], "escalation": ["Keys of escalation"], "flapping": ["Keys of flapping"],
    "authority": ["Keys of authority"],
    "resolvers[]": ["Keys of a resolver"],
    "routes[]": ["Keys of a route"], "routes[].match": ["Keys of match"],
    "maintenance[]": ["Keys of a maintenance window"], "maintenance[].once": ["Keys of once"],
    "maintenance[].daily": ["Keys of daily"], "maintenance[].weekly": ["Keys of weekly"],
    "canaries[]": ["Keys of a canary"], "notifiers[]": ["Keys of a notifier"],
}


def run(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60, check=True).stdout


def sections_of(page):
    """{title: text} of the .Sh and .Ss parts of an mdoc page."""
    parts = re.split(r"^\.S[hs] (.*)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def items_of(text, macro):
    """{name: body} of the list items that begin with a macro; `.It Ic a , b` names two."""
    items = {}
    for head, body in re.findall(rf"^\.It {macro} (.*)\n((?:(?!\.It |\.El).*\n)*)", text, re.MULTILINE):
        for name in head.split(" , "):
            items[name] = body
    return items


def plain(body):
    """The text of an item as a reader sees it, about."""
    body = re.sub(r"^\.(Cm|Ic|Pa|Ev|Ql|Em|Xr) ", "", body, flags=re.MULTILINE)
    return body.replace(r"\(dq", '"').replace(r"\&", "")


def help_options(text):
    return set(re.findall(r"^ +(?:-\w, )?--([a-z-]+)", text, re.MULTILINE))


def page_options(text):
    return set(re.findall(r"Fl -([a-z-]+)", "\n".join(re.findall(r"^\.It (Fl .*)$", text, re.MULTILINE))))


def compare_options(program, page, section, help_text):
    told, described = help_options(help_text), page_options(section)
    return [f"{page}: {program} --{name} is not described" for name in sorted(told - described)] + \
           [f"{page}: {program} has no --{name}" for name in sorted(described - told)]


def check_programs(mxwatch, mxwatchd, directory):
    pages = {name: sections_of((directory / name).read_text()) for name in ("mxwatch.1", "mxwatchd.8")}
    complaints = compare_options("mxwatch", "mxwatch.1", pages["mxwatch.1"]["General options"], run(mxwatch, "--help"))
    for command in re.findall(r"^  mxwatch ([\w-]+)", run(mxwatch, "--help"), re.MULTILINE):
        section = pages["mxwatch.1"].get(f"mxwatch {command}")
        if section is None:
            complaints.append(f"mxwatch.1: the command {command} is not described")
        else:
            complaints += compare_options(f"mxwatch {command}", "mxwatch.1", section, run(mxwatch, command, "--help"))
    return complaints + compare_options("mxwatchd", "mxwatchd.8", pages["mxwatchd.8"]["DESCRIPTION"], run(mxwatchd, "--help"))


def titles_for(where):
    if where.startswith("notifiers[] type: "):
        return ["Notifier type: " + where.removeprefix("notifiers[] type: ")]
    return SECTIONS.get(where, [f"Check: {where}"])


def check_keys(rows, page):
    sections = sections_of(page)
    complaints, known = [], set()
    for row in rows:
        titles = titles_for(row["where"])
        items = {}
        for title in titles:
            items |= items_of(sections.get(title, ""), "Ic")
            known.add((title, row["key"]))
        body = items.get(row["key"])
        if body is None:
            complaints.append(f"mxwatch.yaml.5: {row['where']} {row['key']} is not described under {titles}")
            continue
        if row["default"] and row["where"] != "domains[]" and row["default"] not in plain(body):
            complaints.append(f"mxwatch.yaml.5: {row['where']} {row['key']}: default {row['default']} is not told")
        if row["required"] and "Required" not in body:
            complaints.append(f"mxwatch.yaml.5: {row['where']} {row['key']}: does not say that it is required")
    for title, text in sections.items():
        complaints += [f"mxwatch.yaml.5: {title}: there is no key {key}"
                       for key in items_of(text, "Ic") if (title, key) not in known]
    return complaints


def check_markup(directory):
    if not shutil.which("mandoc"):
        return []
    pages = sorted(directory.glob("*.[1-9]"))
    done = subprocess.run(["mandoc", "-Tlint", "-W", "warning", *pages], capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).splitlines()


def main():
    mxwatch, mxwatchd, directory = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    rows = json.loads(run(mxwatch, "list", "--format", "json", "options"))
    page = (directory / "mxwatch.yaml.5").read_text()
    complaints = check_programs(mxwatch, mxwatchd, directory) + check_keys(rows, page) + check_markup(directory)
    if not check_keys(rows, page.replace(".It Ic quorum", ".It Ic quorums")):
        complaints.append("this test cannot fail: a missing key was not noticed")
    print("\n".join(complaints) or f"manual pages: {len(rows)} keys, ok")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
