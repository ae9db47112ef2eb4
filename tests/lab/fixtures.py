"""Fixtures: servers, receivers and a daemon, each stopped at the end of the test that asked for it. A plugin of pytest."""

import contextlib
import os

import pytest

from . import zones
from .daemon import Daemon, configuration
from .lab import Lab
from .rsyslog import Rsyslog, UnixSyslog
from .scripted import ScriptedServer
from .sink import Sink


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
