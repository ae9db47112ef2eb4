"""Child processes that never outlive the test that started them, and waiting without sleeping blindly."""

import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import time

STOP_GRACE_S = 5.0
WAIT_S = 30.0
# Below the kernel's ephemeral range (32768 and up), so that no client socket takes a port between
# the moment we probed it and the moment the server binds it.
PORT_RANGE = range(12000, 30000)


def free_port(host="127.0.0.1"):
    """A port that was free for UDP and TCP a moment ago; servers that can bind port 0 should do that."""
    for port in random.sample(PORT_RANGE, 200):
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, \
                 socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
                udp.bind((host, port))
                tcp.bind((host, port))
                return port
        except OSError:
            continue
    raise RuntimeError("no free port on loopback")


def wait_until(condition, what, timeout=WAIT_S, interval=0.02):
    """Poll `condition` until it returns something true, and return that; TimeoutError names `what`.

    The deadline is generous on purpose: it is there to end a hang, never to measure speed.
    """
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: did not happen within {timeout:g} s")
        time.sleep(interval)


def find_program(name):
    """The path of a server program; Debian keeps them in sbin, which a user's PATH may lack."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin:/usr/local/sbin")
    if path is None:
        raise FileNotFoundError(f"{name} is not installed (./dev installs it)")
    return path


class Process:
    """One started program in a session of its own, its output in a log file.

    A new session keeps the terminal's Ctrl-C from the child (we stop it in order) and makes a
    process group that holds the child's own children and nothing else. `setpriv --pdeathsig` makes
    the kernel stop it should we be killed ourselves.
    """

    def __init__(self, name, argv, directory, env=None):
        self.name = name
        self.log_path = pathlib.Path(directory) / f"{name}.log"
        guard = [find_program("setpriv"), "--pdeathsig", "TERM", "--"]
        with open(self.log_path, "ab") as log:
            self._popen = subprocess.Popen(
                guard + [str(part) for part in argv], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, env=env, cwd=directory)

    @property
    def pid(self):
        return self._popen.pid

    @property
    def returncode(self):
        return self._popen.poll()

    def running(self):
        return self._popen.poll() is None

    def log(self):
        return self.log_path.read_text(errors="replace")

    def signal(self, number):
        if self.running():
            os.kill(self.pid, number)

    def wait(self, timeout=WAIT_S):
        return self._popen.wait(timeout)

    def wait_ready(self, condition, timeout=WAIT_S):
        """Wait for `condition`, but give up at once, with the log, when the program has ended."""
        def ready_or_dead():
            return condition() or not self.running()
        wait_until(ready_or_dead, f"start of {self.name}; its log:\n{self.log()}", timeout)
        if not self.running():
            raise RuntimeError(f"{self.name} ended with {self.returncode}:\n{self.log()}")

    def _ended(self, timeout):
        """Has it ended? Leaves the zombie, so that its pid (our process group id) stays taken."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                return True
            time.sleep(0.01)
        return False

    def stop(self, grace=STOP_GRACE_S):
        """TERM, then KILL for the whole group; returns the exit status. Stopping twice is allowed."""
        if self._popen.returncode is not None:
            return self._popen.returncode
        os.kill(self.pid, signal.SIGCONT)
        os.kill(self.pid, signal.SIGTERM)
        self._ended(grace)
        self.kill()
        return self._popen.returncode

    def kill(self):
        """KILL for the process and what it started."""
        if self._popen.returncode is not None:
            return
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._popen.wait(STOP_GRACE_S)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
