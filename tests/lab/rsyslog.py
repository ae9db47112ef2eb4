"""Syslog receivers: rsyslog over UDP and TCP, which parses as the world does, and a plain Unix socket."""

import json
import pathlib
import socket

from .datagram import DatagramSocket
from .proc import Process, WAIT_S, find_program, free_port, wait_until

CONFIG = """global(workDirectory="{directory}" maxMessageSize="64k")
module(load="imudp")
module(load="imtcp")
template(name="asjson" type="list" option.jsonf="on") {{
    property(outname="pri" name="pri" format="jsonf")
    property(outname="timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")
    property(outname="host" name="hostname" format="jsonf")
    property(outname="app" name="app-name" format="jsonf")
    property(outname="procid" name="procid" format="jsonf")
    property(outname="msgid" name="msgid" format="jsonf")
    property(outname="sd" name="structured-data" format="jsonf")
    property(outname="msg" name="msg" format="jsonf")
    property(outname="version" name="protocol-version" format="jsonf")
    property(outname="input" name="inputname" format="jsonf")
}}
input(type="imudp" address="127.0.0.1" port="{port}")
input(type="imtcp" address="127.0.0.1" port="{port}")
action(type="omfile" file="{directory}/messages.jsonl" template="asjson")
"""


class Rsyslog:
    """rsyslogd on one port for UDP and TCP; messages come out as objects."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory).resolve() / "rsyslog"
        self.directory.mkdir()
        self.port = free_port()
        config = self.directory / "rsyslog.conf"
        config.write_text(CONFIG.format(directory=self.directory, port=self.port))
        self.process = Process("rsyslogd", [find_program("rsyslogd"), "-n", "-iNONE", "-f", config],
                               self.directory)
        try:
            self.process.wait_ready(self._listens)
        except BaseException:
            self.process.stop()
            raise

    def _listens(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 0.5).close()
            return True
        except OSError:
            return False

    def messages(self):
        path = self.directory / "messages.jsonl"
        if not path.exists():
            return []
        lines = path.read_text(errors="replace").split("\n")[:-1]    # the last one may be half-written
        return [json.loads(line) for line in lines]

    def wait(self, part, timeout=WAIT_S):
        """The first message whose text holds `part`."""
        return wait_until(lambda: [each for each in self.messages() if part in each["msg"]],
                          f"syslog message with {part!r}", timeout)[0]

    def stop(self):
        self.process.stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class UnixSyslog(DatagramSocket):
    """A datagram socket in the place of /dev/log; keeps the raw lines, shows each to `on_line`."""

    def __init__(self, path, on_line=None):
        self.lines = []
        self._on_line = on_line
        super().__init__(path, self._take)

    def _take(self, line):
        self.lines.append(line)
        if self._on_line:
            self._on_line(line)

    def wait(self, part, timeout=WAIT_S):
        """The first line that holds `part`."""
        return wait_until(lambda: [line for line in self.lines if part in line],
                          f"syslog line with {part!r}", timeout)[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
