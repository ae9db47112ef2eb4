"""The service manager's side of sd_notify: a datagram socket that keeps what the daemon said."""

import os
import socket
import threading


class NotifySocket:
    """Bind before the start, pass `path` as NOTIFY_SOCKET; `messages` holds (key, value) pairs."""

    def __init__(self, path):
        self.path = str(path)
        self.messages = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.path)
        self._socket.settimeout(0.1)
        self._stopping = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        while not self._stopping:
            try:
                text = self._socket.recv(65536).decode("utf-8", "replace")
            except TimeoutError:
                continue
            self.messages += [tuple(line.split("=", 1)) for line in text.splitlines() if "=" in line]

    def count(self, key, value="1"):
        """How often `key=value` was said."""
        return self.messages.count((key, value))

    def last(self, key):
        """The newest value of a key, or None."""
        return next((value for known, value in reversed(self.messages) if known == key), None)

    def close(self):
        self._stopping = True
        self._thread.join(5)
        self._socket.close()
        if os.path.exists(self.path):
            os.unlink(self.path)
