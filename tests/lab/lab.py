"""The whole lab: NSD with the mail domains and three Unbounds before it, in one directory."""

import contextlib

from . import maildomains
from .nsd import Nsd
from .unbound import Unbound

RESOLVER_NAMES = ("unbound-1", "unbound-2", "unbound-3")


class Lab(contextlib.ExitStack):
    """`with Lab(directory) as lab:` starts everything; leaving it stops everything, in reverse order."""

    def __init__(self, directory):
        super().__init__()
        self.directory = directory

    def __enter__(self):
        super().__enter__()
        try:
            zones = maildomains.zones()
            self.nsd = self.enter_context(Nsd(self.directory, zones))
            stubs = {apex: self.nsd.port for apex in zones}
            self.resolvers = [self.enter_context(Unbound(self.directory, name, stubs))
                              for name in RESOLVER_NAMES]
        except BaseException:
            self.close()
            raise
        return self

    def entries(self):
        """The resolvers as the configuration lists them: named, so that votes read well."""
        return [{"name": each.name, "address": each.address} for each in self.resolvers]

    def publish(self, apex, text):
        """Load a zone and make the resolvers forget the old one."""
        self.nsd.edit(apex, text)
        for each in self.resolvers:
            each.flush(apex)

    def unpublish(self, apex, part):
        """Take the lines with `part` out of a zone; returns the text that `publish` restores."""
        before = self.nsd.zones[apex]
        self.publish(apex, "\n".join(line for line in before.splitlines() if part not in line))
        return before
