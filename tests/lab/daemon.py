"""mxwatchd under test: started with a configuration, watched from outside, stopped or killed."""

import contextlib
import os
import pathlib
import re
import signal
import sqlite3
import subprocess

from . import binaries, yamltext
from .notify import NotifySocket
from .proc import Process, WAIT_S, wait_until

# Everything short: tests wait for events, and these are the waits.
QUICK = {
    "quorum": "majority",
    "interval": "1s",
    "retry_interval": "1s",
    "timeout": "2s",
    "failure_threshold": 2,
    "success_threshold": 2,
    "confirm_age": {"critical": "1s", "warning": "1s", "recovery": "1s"},
    "reminders": [],
}
LOOP_LAG = re.compile(r"loop lag p50=([0-9.]+).* p99=([0-9.]+).* max=([0-9.]+)")


def configuration(resolvers, domains, notifiers, **more):
    """A whole configuration as an object. Resolvers may be lab servers, texts or mappings."""
    texts = [getattr(each, "address", each) for each in resolvers]
    return {"resolvers": texts, **QUICK, **more, "domains": list(domains), "notifiers": list(notifiers)}


def check_config(text, directory, name="mxwatch.yaml"):
    """`mxwatchd -t -c FILE` on a text: (exit code, stdout + stderr, path)."""
    path = pathlib.Path(directory) / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    done = subprocess.run([str(binaries.program("mxwatchd")), "-t", "-c", str(path)], capture_output=True,
                          stdin=subprocess.DEVNULL, timeout=60, env=binaries.environment(directory))
    return done.returncode, (done.stdout + done.stderr).decode(errors="replace"), path


class Daemon:
    """One mxwatchd with a directory of its own; start() again after kill() resumes from the same store."""

    def __init__(self, directory, config, **env):
        self.directory = pathlib.Path(directory).resolve() / "mxwatchd"
        self.directory.mkdir()
        self.state_dir = self.directory / "state"
        self.state_dir.mkdir()
        self.config_path = self.directory / "mxwatch.yaml"
        self._env = env
        self.process = None
        self.notify = None
        self.write_config(config)

    def write_config(self, config):
        """Replace the file; a text is written as it is, an object gets the state directory added."""
        if not isinstance(config, str):
            config = yamltext.dump({**config, "state_dir": str(self.state_dir)})
        self.config_path.write_text(config)

    def start(self, ready=True, **env):
        """`env` is of this start only."""
        self.notify = NotifySocket(self.directory / "notify.sock")
        env = binaries.environment(self.directory, NOTIFY_SOCKET=self.notify.path,
                                   STATE_DIRECTORY=self.state_dir,
                                   CREDENTIALS_DIRECTORY=self.directory, **self._env, **env)
        self.process = Process("mxwatchd", [binaries.program("mxwatchd"), "-c", self.config_path],
                               self.directory, env=env)
        if ready:
            self.process.wait_ready(lambda: self.notify.count("READY"))
        return self

    @property
    def pid(self):
        return self.process.pid

    @property
    def socket(self):
        """Its control socket."""
        return self.state_dir / "control.sock"

    def log(self):
        return self.process.log()

    def log_lines(self, part):
        return [line for line in self.log().splitlines() if part in line]

    def wait_log(self, part, count=1, timeout=WAIT_S):
        """The lines with `part`, once the log has `count` of them."""
        def found():
            lines = self.log_lines(part)
            return lines if len(lines) >= count else None
        return wait_until(found, f"log line with {part!r} in:\n{self.log()[-3000:]}", timeout)

    def reload(self):
        """SIGHUP, and wait until the daemon says that it is ready again, with the old or the new file."""
        before = self.notify.count("READY")
        self.process.signal(signal.SIGHUP)
        wait_until(lambda: self.notify.count("READY") > before, "READY=1 after a reload")

    def loop_lag(self):
        """(p50, p99, max) in ms of the loop since the last such line, as SIGUSR1 makes it say."""
        before = len(self.log_lines("loop lag"))
        self.process.signal(signal.SIGUSR1)
        line = self.wait_log("loop lag", before + 1)[-1]
        match = LOOP_LAG.search(line)
        assert match, f"not the documented form: {line}"
        return tuple(float(value) for value in match.groups())

    def sender_pid(self):
        """The pid of the running mxwatch-sender, or None. The kernel cuts its name to 15 letters."""
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            name, rest = stat[stat.index("(") + 1:].rsplit(")", 1)
            if int(rest.split()[1]) == self.pid and name == "mxwatch-sender"[:15] and rest.split()[0] != "Z":
                return int(entry.name)
        return None

    def wait_sender(self, other_than=None):
        return wait_until(lambda: self.sender_pid() not in (None, other_than) and self.sender_pid(),
                          "a running mxwatch-sender")

    def kill_sender(self):
        """kill -9 of the sender; returns the pid it had."""
        pid = self.wait_sender()
        os.kill(pid, signal.SIGKILL)
        return pid

    def pending(self):
        """How many deliveries the store holds as not yet acknowledged."""
        with contextlib.closing(sqlite3.connect(f"file:{self.state_dir}/mxwatch.db?mode=ro", uri=True)) as store:
            return store.execute("SELECT count(*) FROM delivery WHERE status = 0").fetchone()[0]

    def maps(self):
        """The shared objects mapped into the daemon."""
        return pathlib.Path(f"/proc/{self.pid}/maps").read_text()

    def sanitizer_reports(self):
        return binaries.sanitizer_reports(self.directory)

    def kill(self):
        """kill -9 of the daemon and its children, as a power cut would."""
        self.process.kill()
        self.notify.close()

    def stop(self):
        """SIGTERM; returns the exit status, which a clean stop makes 0."""
        if self.process is None:
            return None
        status = self.process.stop(grace=20)
        self.notify.close()
        return status

    def __enter__(self):
        return self.start() if self.process is None else self

    def __exit__(self, *_):
        self.stop()
        reports = self.sanitizer_reports()
        if reports:
            raise AssertionError("sanitizer: " + "\n".join(reports))
