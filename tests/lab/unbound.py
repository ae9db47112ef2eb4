"""Unbound as an upstream resolver whose only sources are the lab's authoritative servers."""

import pathlib
import signal
import subprocess

from .nsd import answers
from .proc import Process, find_program, free_port

CONFIG = """server:
    interface: 127.0.0.1
    port: {port}
    access-control: 127.0.0.0/8 allow
    do-ip6: no
    do-daemonize: no
    username: ""
    chroot: ""
    directory: "{directory}"
    pidfile: ""
    use-syslog: no
    logfile: ""
    verbosity: 1
    do-not-query-localhost: no
    module-config: "iterator"
    num-threads: 1
    # Answers must follow an edit of the zone soon, in this cache and in that of mxwatch.
    cache-max-ttl: {max_ttl}
    cache-max-negative-ttl: {max_ttl}
    # There are no root servers here; the canary `. NS` is answered from this line.
    local-zone: "." transparent
    local-data: ". 3600 IN NS a.root-servers.net."
    local-zone: "invalid." static
remote-control:
    control-enable: yes
    control-use-cert: no
    control-interface: "{directory}/unbound.sock"
"""
START_TRIES = 3


class Unbound:
    """One Unbound. `stubs` maps a zone to the port of the server that has it."""

    def __init__(self, directory, name, stubs, max_ttl=1):
        self.name = name
        self.directory = pathlib.Path(directory).resolve() / name
        self.directory.mkdir()
        self._stubs = dict(stubs)
        for _ in range(START_TRIES):
            self.port = free_port()
            try:
                self._start(max_ttl)
                return
            except RuntimeError as error:
                failure = error     # the probed port may have been taken meanwhile
        raise failure

    def _start(self, max_ttl):
        text = CONFIG.format(port=self.port, directory=self.directory, max_ttl=max_ttl)
        for zone, port in self._stubs.items():
            if zone.endswith(".arpa"):
                # Unbound answers the reverse zones of special blocks by itself unless told not to.
                text = text.replace("remote-control:", f'    local-zone: "{zone}." nodefault\nremote-control:')
            text += f'stub-zone:\n    name: "{zone}."\n    stub-addr: 127.0.0.1@{port}\n'
        self._config = self.directory / "unbound.conf"
        self._config.write_text(text)
        self.process = Process(self.name, [find_program("unbound"), "-d", "-c", self._config], self.directory)
        try:
            self.process.wait_ready(lambda: answers(self.port))
        except BaseException:
            self.process.stop()
            raise

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def control(self, *command):
        subprocess.run([find_program("unbound-control"), "-c", self._config, *command],
                       check=True, capture_output=True, timeout=20)

    def flush(self, zone):
        """Forget everything at and below a zone, negative answers and failed servers too."""
        self.control("flush_zone", zone)
        self.control("flush_infra", "all")

    def lie(self, zone, kind="always_nxdomain"):
        """Answer a whole zone with a lie: always_nxdomain, always_refuse, always_nodata, always_deny."""
        self.control("local_zone", zone, kind)

    def tell_truth(self, zone):
        self.control("local_zone_remove", zone)

    def freeze(self):
        self.process.signal(signal.SIGSTOP)

    def thaw(self):
        self.process.signal(signal.SIGCONT)

    def stop(self):
        self.process.stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
