"""The service manager's side of sd_notify: a datagram socket that keeps what the daemon said."""

from .datagram import DatagramSocket


class NotifySocket(DatagramSocket):
    """Bind before the start, pass `path` as NOTIFY_SOCKET; `messages` holds (key, value) pairs."""

    def __init__(self, path):
        self.messages = []
        super().__init__(path, self._take)

    def _take(self, text):
        self.messages += [tuple(line.split("=", 1)) for line in text.splitlines() if "=" in line]

    def count(self, key, value="1"):
        """How often `key=value` was said."""
        return self.messages.count((key, value))

    def last(self, key):
        """The newest value of a key, or None."""
        return next((value for known, value in reversed(self.messages) if known == key), None)
