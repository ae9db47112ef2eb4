#!/usr/bin/python3
"""Hold the systemd unit to what systemd understands, and its sandbox to a level.

    unitfile.py UNIT        exit 1 when a rule is broken, 77 (skipped) without systemd-analyze
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

MAX_EXPOSURE_TENTHS = 15  # of `systemd-analyze security`: 1.5, "OK"
NEEDED = {
    "Type": "notify", "NotifyAccess": "main", "WatchdogSec": "30", "Restart": "on-failure",
    "ExecReload": "/bin/kill -HUP $MAINPID", "DynamicUser": "yes", "StateDirectory": "mxwatch",
}


def analyze(*arguments):
    done = subprocess.run(["systemd-analyze", *map(str, arguments)], capture_output=True, text=True,
                          timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr.strip()


def check_keys(text):
    """Complaints about keys that the service needs, from the text alone."""
    found = dict(re.findall(r"^([A-Za-z]+)=(.*)$", text, re.MULTILINE))
    return [f"{key}={found.get(key)!r}, expected {value!r}"
            for key, value in NEEDED.items() if found.get(key) != value]


def check_unit(text, directory):
    """Complaints of systemd. The programs need not be installed: another one stands for each."""
    unit = pathlib.Path(directory) / "mxwatchd.service"
    unit.write_text(re.sub(r"^(Exec\w+)=\S+", r"\1=/bin/true", text, flags=re.MULTILINE))
    complaints = []
    code, _, err = analyze("verify", "--man=no", unit)
    if code or err:  # unknown keys are told on stderr only, with exit status 0
        complaints.append(f"systemd-analyze verify: status {code}: {err}")
    code, out, err = analyze("security", "--offline=true", "--no-pager", f"--threshold={MAX_EXPOSURE_TENTHS}", unit)
    if code:
        complaints.append(f"systemd-analyze security: exposure above {MAX_EXPOSURE_TENTHS / 10}: {out[-200:]} {err}")
    return complaints


def main():
    text = pathlib.Path(sys.argv[1]).read_text()
    complaints = check_keys(text)
    if "@" in re.sub(r"SystemCallFilter=.*", "", text):
        complaints.append("a @placeholder@ was not filled")
    if not shutil.which("systemd-analyze"):
        print("\n".join(complaints) or "systemd-analyze is missing: skipped")
        return 1 if complaints else 77
    with tempfile.TemporaryDirectory(prefix="mxwatch-unit-") as directory:
        complaints += check_unit(text, directory)
        broken = text.replace("WatchdogSec=30", "WatchdogSec=30\nFooo=bar")
        if not check_unit(broken, directory):
            complaints.append("this test cannot fail: an unknown key was accepted")
    print("\n".join(complaints) or "unit file: ok")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
