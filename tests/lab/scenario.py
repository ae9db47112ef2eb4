"""Run a scenario of tests/scenario: the real daemon in virtual time, where hours cost nothing."""

import subprocess

from . import binaries

RUN_LIMIT_S = 100


def run_scenario(name):
    done = subprocess.run([binaries.build_dir() / "tests/scenario/scenario",
                           binaries.ROOT / f"tests/scenario/{name}.scenario"],
                          capture_output=True, stdin=subprocess.DEVNULL, timeout=RUN_LIMIT_S)
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-3000:]
