"""NSD, the authoritative server, with zones that a test edits while it runs."""

import pathlib
import subprocess

import dns.message
import dns.query
import dns.exception

from .proc import Process, find_program, free_port

CONFIG = """server:
    ip-address: 127.0.0.1@{port}
    server-count: 1
    username: ""
    chroot: ""
    pidfile: ""
    database: ""
    zonesdir: "{directory}"
    xfrdir: "{directory}"
    xfrdfile: ""
    zonelistfile: "{directory}/zone.list"
    cookie-secret-file: ""
    hide-version: yes
    # Response rate limiting is on by default, at 200 answers a second.
    rrl-ratelimit: 0
remote-control:
    control-enable: yes
    control-interface: "{directory}/nsd.sock"
"""
APEX = "@ 300 IN SOA ns1.lab-registry.net. host.lab-registry.net. 1 3600 900 604800 300\n" \
       "@ 300 IN NS ns1.lab-registry.net.\n"
START_TRIES = 3


def answers(port, host="127.0.0.1"):
    """Does a DNS server answer on this port, with whatever code?"""
    try:
        dns.query.udp(dns.message.make_query(".", "NS"), host, timeout=0.2, port=port, ignore_unexpected=True)
        return True
    except (dns.exception.DNSException, OSError):
        return False


class Nsd:
    """One NSD. `zones` maps an apex to the text of its records without SOA and NS, relative names allowed."""

    def __init__(self, directory, zones):
        self.directory = pathlib.Path(directory).resolve() / "nsd"
        self.directory.mkdir()
        self.zones = dict(zones)
        for _ in range(START_TRIES):
            self.port = free_port()
            try:
                self._start()
                return
            except RuntimeError as error:
                failure = error     # the probed port may have been taken meanwhile
        raise failure

    def _start(self):
        config = self.directory / "nsd.conf"    # absolute: nsd changes its directory
        text = CONFIG.format(port=self.port, directory=self.directory)
        for apex in self.zones:
            self._write(apex)
            text += f'zone:\n    name: "{apex}"\n    zonefile: "{apex}.zone"\n'
        config.write_text(text)
        self._config = config
        self.process = Process("nsd", [find_program("nsd"), "-d", "-c", config], self.directory)
        try:
            self.process.wait_ready(lambda: answers(self.port))
        except BaseException:
            self.process.stop()
            raise

    def _write(self, apex):
        text = f"$ORIGIN {apex}.\n$TTL 300\n{APEX}{self.zones[apex].strip()}\n"
        (self.directory / f"{apex}.zone").write_text(text)

    def edit(self, apex, text):
        """Replace a zone's records and load it; NSD takes an unchanged serial."""
        self.zones[apex] = text
        self._write(apex)
        self.control("reload", apex)

    def without(self, apex, part):
        """Publish the zone without the lines that hold `part`; returns the text as it was."""
        before = self.zones[apex]
        self.edit(apex, "\n".join(line for line in before.splitlines() if part not in line))
        return before

    def control(self, *command):
        subprocess.run([find_program("nsd-control"), "-c", self._config, *command],
                       check=True, capture_output=True, timeout=20)

    def stop(self):
        self.process.stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
