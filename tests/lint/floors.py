#!/usr/bin/python3
"""Hold the house of docs/ARCHITECTURE.md: floors, rooms, purity and sizes, from the sources alone.

    floors.py [--root DIR]      check the tree; exit 1 when a rule is broken
    floors.py --self-test       prove that each rule can fail

A new floor or room is a line in a table below, and a line in docs/ARCHITECTURE.md in the same commit.
"""

import argparse
import fnmatch
import pathlib
import sys

import self_test
import source

# From the ground up. A module may include what stands on a lower floor, and itself; two modules on
# one floor do not know each other. lib/ modules are folders; daemon/ modules are folders or file stems.
LIB_FLOORS = [
    {"base"},
    {"schema", "dns", "finding", "http", "request"},
    {"observation", "target"},
    {"health", "verdict", "schedule", "spf", "authority"},
    {"check", "state"},
    {"round", "alert", "group", "records", "versions"},
    {"mute", "report", "route"},
    {"notify"},
    {"config"},
    {"control"},
]
DAEMON_FLOORS = [
    {"clock", "args", "child", "files", "lag", "terminal", "sender_path"},
    {"log", "args_value", "command_config", "control_client"},
    {"loop", "check_request", "control_request", "spf_request"},
    {"resolver", "config_file", "ipc", "service", "store"},
    {"courier"},
    {"authority", "runner", "outbox", "canaries"},
    {"monitor", "batch", "spf_run", "engine"},
    {"control"},
    {"app", "command_check", "command_list", "command_silence", "command_spf", "command_test_notify"},
    {"mxwatchd", "mxwatch"},
]
# mxwatch-sender is a process of its own: it shares these with the core, and nobody includes it.
SENDER = "sender"
SENDER_MAY_INCLUDE = {"base", "request", "clock", "log", "child", "loop", "ipc"}

# A foreign header has one room: the files (fnmatch patterns) that may include it.
ROOMS = [
    ("yaml.h", ["lib/schema/*"]),
    ("ldns/*", ["lib/dns/wire.c"]),
    ("event2/*", ["daemon/loop.c"]),
    ("curl/*", ["daemon/sender/http_*", "daemon/sender/transport_http.c"]),
    ("sqlite3.h", ["daemon/store/*"]),
    ("systemd/*", ["daemon/service.c"]),
    ("idn2.h", ["lib/target/*"]),
    ("libpsl.h", ["lib/target/*"]),
    ("openssl/*", ["daemon/sender/sign.c"]),
    ("jansson.h", ["lib/report/*", "lib/notify/*", "lib/control/*", "daemon/command_*", "daemon/control_client.*"]),
    ("uthash.h", ["lib/*", "daemon/*"]),
    ("arpa/inet.h", ["lib/base/ip.c", "daemon/*"]),
    ("netinet/in.h", ["lib/base/ip.c", "daemon/*"]),
]
# What a pure library needs of the C library; everything else is I/O, a clock or a process.
LIB_SYSTEM_HEADERS = {
    "assert.h", "ctype.h", "errno.h", "inttypes.h", "limits.h", "math.h", "stdalign.h", "stdarg.h",
    "stdbool.h", "stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h", "strings.h", "time.h",
}
MAX_FILE_LINES, WARN_FILE_LINES = 600, 400
MAX_FUNCTION_LINES, WARN_FUNCTION_LINES = 100, 60
# (folder, pattern): each such file needs tests/unit/test_<stem>.c.
NEED_TESTS = [("lib/check", "check_*.c"), ("lib/notify", "notify_*.c")]


def floor_numbers():
    """{(top folder, module): height}; the whole of daemon/ stands on the whole of lib/."""
    numbers = {}
    for height, modules in enumerate(LIB_FLOORS):
        numbers.update({("lib", module): height for module in modules})
    for height, modules in enumerate(DAEMON_FLOORS, len(LIB_FLOORS)):
        numbers.update({("daemon", module): height for module in modules})
    return numbers


def module_of(path):
    """(top folder, module) of a source path such as lib/dns/name.c or daemon/loop.h."""
    parts = pathlib.PurePosixPath(path).parts
    if len(parts) == 2 and parts[0] == "daemon":
        return "daemon", pathlib.PurePosixPath(path).stem
    return parts[0], parts[1] if len(parts) > 2 else ""


def check_edge(path, line, included, floors):
    """The complaint about one #include "..." of our own, or None."""
    place = f"{path}:{line}"
    if included.split("/")[0] not in ("lib", "daemon") or "/" not in included:
        return f'{place}: "{included}" is not written from the root (lib/... or daemon/...)'
    here, there = module_of(path), module_of(included)
    if here == there:
        return None
    if here[0] == "lib" and there[0] == "daemon":
        return f"{place}: lib includes {included} of daemon"
    if there == ("daemon", SENDER):
        return f"{place}: the sender is a process of its own, nobody includes {included}"
    if here == ("daemon", SENDER):
        if there[1] in SENDER_MAY_INCLUDE:
            return None
        return f"{place}: the sender may not include {included} of the core"
    for module in (here, there):
        if module not in floors:
            return f"{place}: module {'/'.join(module)} stands on no floor (LIB_FLOORS, DAEMON_FLOORS)"
    if floors[there] < floors[here]:
        return None
    return f"{place}: upward edge: {'/'.join(here)} (floor {floors[here]}) includes {included} (floor {floors[there]})"


def check_foreign(path, line, header):
    """The complaint about one #include <...>, or None."""
    for pattern, room in ROOMS:
        if fnmatch.fnmatch(header, pattern):
            if any(fnmatch.fnmatch(path, place) for place in room):
                return None
            return f"{path}:{line}: <{header}> outside its room ({', '.join(room)})"
    if path.startswith("lib/") and header not in LIB_SYSTEM_HEADERS:
        return f"{path}:{line}: lib is pure and may not include <{header}>"
    return None


def find_circle(edges):
    """One circle of #includes among files as a list of paths, or None."""
    done, path = set(), []

    def visit(node):
        if node in path:
            return path[path.index(node):] + [node]
        if node in done:
            return None
        path.append(node)
        for target in edges.get(node, ()):
            circle = visit(target)
            if circle:
                return circle
        done.add(path.pop())
        return None

    for node in sorted(edges):
        circle = visit(node)
        if circle:
            return circle
    return None


def check_sizes(file):
    """(errors, warnings) about the length of a file and of its functions."""
    errors, warnings = [], []
    if len(file.lines) > MAX_FILE_LINES:
        errors.append(f"{file.path}: {len(file.lines)} lines, at most {MAX_FILE_LINES}: it is two concepts")
    elif len(file.lines) > WARN_FILE_LINES:
        warnings.append(f"{file.path}: {len(file.lines)} lines (about {WARN_FILE_LINES} is the aim)")
    for name, line, length in file.functions():
        if length > MAX_FUNCTION_LINES:
            errors.append(f"{file.path}:{line}: {name} has {length} lines, at most {MAX_FUNCTION_LINES}")
        elif length > WARN_FUNCTION_LINES:
            warnings.append(f"{file.path}:{line}: {name} has {length} lines (about {WARN_FUNCTION_LINES} is the aim)")
    return errors, warnings


def check_tests(root):
    """Each check and each notifier without a test of its own."""
    errors = []
    for folder, pattern in NEED_TESTS:
        for path in sorted((root / folder).glob(pattern)):
            test = root / "tests/unit" / f"test_{path.stem}.c"
            if not test.exists():
                errors.append(f"{folder}/{path.name}: has no {test.relative_to(root)}")
    return errors


def check_tree(root):
    """(errors, warnings, number of files, number of edges) of the tree at `root`."""
    floors, edges = floor_numbers(), {}
    errors, warnings, n_edges = [], [], 0
    files = source.read_tree(root)
    for file in files:
        for line, header, own in file.includes():
            n_edges += 1
            complaint = (check_edge(file.path, line, header, floors) if own
                         else check_foreign(file.path, line, header))
            if complaint:
                errors.append(complaint)
            if own:
                edges.setdefault(file.path, []).append(header)
        if file.path.startswith("lib/"):
            errors += [f"{file.path}:{line}: lib is pure and may not call {name}()"
                       for line, name in file.impure_calls()]
        sizes = check_sizes(file)
        errors += sizes[0]
        warnings += sizes[1]
    circle = find_circle(edges)
    if circle:
        errors.append("a circle of includes: " + " -> ".join(circle))
    errors += check_tests(root)
    return errors, warnings, len(files), n_edges


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        return self_test.run(check_tree)
    errors, warnings, n_files, n_edges = check_tree(options.root)
    for text in warnings:
        print(f"warning: {text}")
    for text in errors:
        print(f"error: {text}")
    print(f"floors: {n_files} files, {n_edges} includes, {len(warnings)} warnings, {len(errors)} errors")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
