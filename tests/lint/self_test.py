"""Prove that floors.py can fail: small trees, each broken in one way, and what it must say of them."""

import pathlib
import tempfile

CLEAN = {
    "lib/base/ip.c": '#include "lib/base/ip.h"\n#include <arpa/inet.h>\n',
    "lib/base/ip.h": "#pragma once\n#include <stdint.h>\n",
    "lib/dns/name.h": '#pragma once\n#include "lib/base/ip.h"\n',
    "lib/dns/name.c": '/* time(NULL) in a comment, */\nconst char *x = "printf(";\n#include "lib/dns/name.h"\n',
    "lib/check/check_mx.c": '#include "lib/dns/name.h"\n',
    "tests/unit/test_check_mx.c": "",
    "daemon/loop.c": '#include <event2/event.h>\n#include "lib/dns/name.h"\n#include <unistd.h>\n',
    "daemon/loop.h": "#pragma once\n",
    "daemon/ipc.h": '#pragma once\n#include "daemon/loop.h"\n',
    "daemon/sender/sender.c": '#include "daemon/ipc.h"\n',
    "daemon/store/store.c": "#include <sqlite3.h>\n",
}
LONG_FUNCTION = "int f(void)\n{\n" + "\tg();\n" * 100 + "}\n"
# (what is broken, the files added or replaced, a part of the expected complaint)
BROKEN = [
    ("an upward edge in lib", {"lib/dns/name.c": '#include "lib/check/check.h"\n'}, "upward edge: lib/dns"),
    ("an edge between neighbours", {"lib/dns/name.c": '#include "lib/schema/schema.h"\n'}, "upward edge"),
    ("an upward edge in daemon", {"daemon/loop.h": '#include "daemon/app.h"\n'}, "upward edge: daemon/loop"),
    ("lib includes daemon", {"lib/config/config.c": '#include "daemon/log.h"\n'}, "of daemon"),
    ("the core includes the sender", {"daemon/app.c": '#include "daemon/sender/sign.h"\n'}, "nobody includes"),
    ("the sender includes the core", {"daemon/sender/sender.c": '#include "daemon/store/store.h"\n'},
     "may not include daemon/store/store.h of the core"),
    ("a module without a floor", {"lib/attic/x.c": '#include "lib/base/ip.h"\n'}, "stands on no floor"),
    ("a relative include", {"lib/dns/name.c": '#include "name.h"\n'}, "not written from the root"),
    ("a circle", {"lib/dns/a.h": '#include "lib/dns/b.h"\n', "lib/dns/b.h": '#include "lib/dns/a.h"\n'}, "a circle"),
    ("ldns outside its room", {"lib/dns/name.c": "#include <ldns/ldns.h>\n"}, "<ldns/ldns.h> outside its room"),
    ("curl in the core", {"daemon/app.c": "#include <curl/curl.h>\n"}, "outside its room"),
    ("libevent elsewhere", {"daemon/app.c": "#include <event2/event.h>\n"}, "outside its room"),
    ("inet in lib", {"lib/dns/name.c": "#include <arpa/inet.h>\n"}, "outside its room"),
    ("sockets in lib", {"lib/dns/name.c": "#include <sys/socket.h>\n"}, "may not include <sys/socket.h>"),
    ("unistd in lib", {"lib/base/ip.c": "#include <unistd.h>\n"}, "may not include <unistd.h>"),
    ("a clock in lib", {"lib/base/ip.c": "int f(void)\n{\n\treturn time(0);\n}\n"}, "may not call time()"),
    ("output in lib", {"lib/base/ip.c": 'void f(void)\n{\n\tfprintf(stderr, "x");\n}\n'}, "may not call fprintf()"),
    ("a long file", {"lib/base/ip.c": "\n" * 601}, "601 lines"),
    ("a long function", {"lib/base/ip.c": LONG_FUNCTION}, "f has 102 lines"),
    ("a check without a test", {"lib/check/check_x.c": "\n"}, "has no tests/unit/test_check_x.c"),
    ("a notifier without a test", {"lib/notify/notify_x.c": "\n"}, "has no tests/unit/test_notify_x.c"),
]


def errors_of(check_tree, files):
    """What floors.py says about a tree made of these files."""
    with tempfile.TemporaryDirectory(prefix="floors-") as directory:
        root = pathlib.Path(directory)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        return check_tree(root)[0]


def run(check_tree):
    """Print each case; 0 when every broken tree is noticed and the clean one is left alone."""
    failed = 0
    clean = errors_of(check_tree, CLEAN)
    if clean:
        failed += 1
        print(f"FAIL the clean tree: {clean}")
    for what, files, expected in BROKEN:
        errors = errors_of(check_tree, CLEAN | files)
        if not any(expected in error for error in errors):
            failed += 1
            print(f"FAIL {what}: wanted a complaint with {expected!r}, got {errors}")
    print(f"floors self-test: {len(BROKEN) + 1 - failed} passed, {failed} failed")
    return 1 if failed else 0
