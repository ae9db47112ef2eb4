"""A unix datagram socket that somebody writes to, read in a thread of its own."""

import os
import socket
import threading


class DatagramSocket:
    """Binds `path` at once; each datagram goes to `on_text` as text, whatever its octets are."""

    def __init__(self, path, on_text):
        self.path = str(path)
        self._on_text = on_text
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
            self._on_text(text)

    def close(self):
        self._stopping = True
        self._thread.join(5)
        self._socket.close()
        if os.path.exists(self.path):
            os.unlink(self.path)
