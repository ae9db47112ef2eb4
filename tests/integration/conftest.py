"""Fixtures: servers, receivers and a daemon, each stopped at the end of the test that asked for it."""

import contextlib
import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab import zones                                               # noqa: E402
from lab.daemon import Daemon, configuration                        # noqa: E402
from lab.lab import Lab                                             # noqa: E402
from lab.rsyslog import Rsyslog, UnixSyslog                         # noqa: E402
from lab.scripted import ScriptedServer                             # noqa: E402
from lab.sink import Sink                                           # noqa: E402


def pytest_configure(config):
    config.addinivalue_line("markers", "long: runs in ./dev test --long only")


def pytest_collection_modifyitems(items):
    if os.environ.get("MXWATCH_LONG"):
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason="./dev test --long"))


@pytest.fixture
def stack():
    """An ExitStack of the test's own."""
    with contextlib.ExitStack() as stack:
        yield stack


@pytest.fixture
def servers(stack):
    """Three scripted resolvers, each with its own copy of the healthy zone."""
    return [stack.enter_context(ScriptedServer(zones.HEALTHY)) for _ in range(3)]


@pytest.fixture
def sink(stack):
    return stack.enter_context(Sink())


@pytest.fixture
def syslog(stack, tmp_path):
    return stack.enter_context(UnixSyslog(tmp_path / "log.sock"))


@pytest.fixture
def rsyslog(stack, tmp_path):
    return stack.enter_context(Rsyslog(tmp_path))


@pytest.fixture
def lab(stack, tmp_path):
    """NSD and three Unbounds."""
    return stack.enter_context(Lab(tmp_path))


@pytest.fixture
def start_daemon(stack, tmp_path):
    """start_daemon(resolvers, domains, notifiers, **more): a running daemon; `ready=False` does not wait."""
    def start(resolvers, domains, notifiers, env=None, ready=True, **more):
        daemon = Daemon(tmp_path, configuration(resolvers, domains, notifiers, **more), **(env or {}))
        stack.callback(daemon.__exit__)
        return daemon.start(ready)
    return start
