"""Certificates of every quality, and a webhook receiver that shows them."""

import ssl
import subprocess

from .proc import find_program
from .sink import Sink

# `openssl ca` is the one of its commands that makes certificates of the past.
CA_CONFIG = """[ca]
default_ca = here
[here]
database = {directory}/index.txt
new_certs_dir = {directory}
default_md = sha256
policy = any
rand_serial = yes
copy_extensions = copy
[any]
commonName = supplied
"""


def openssl(*arguments):
    subprocess.run([find_program("openssl"), *map(str, arguments)], check=True, capture_output=True,
                   stdin=subprocess.DEVNULL)


def make_certificate(directory, name, subject="IP:127.0.0.1", start="20260101000000Z", end="20990101000000Z"):
    """A certificate that signs itself, and its key: the paths of two PEM files."""
    key, request, certificate = (directory / f"{name}.{kind}" for kind in ("key", "csr", "pem"))
    config = directory / "ca.cnf"
    config.write_text(CA_CONFIG.format(directory=directory))
    (directory / "index.txt").write_text("")
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
            "-out", request, "-subj", f"/CN={name}", "-addext", f"subjectAltName={subject}")
    openssl("ca", "-config", config, "-batch", "-notext", "-selfsign", "-keyfile", key, "-in", request,
            "-out", certificate, "-startdate", start, "-enddate", end)
    return certificate, key


class TlsSink(Sink):
    """A Sink behind TLS; `newest` is the best version of the protocol that it speaks."""

    def __init__(self, certificate, key, newest=ssl.TLSVersion.MAXIMUM_SUPPORTED):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = newest
        context.set_ciphers("ALL:@SECLEVEL=0")      # or the old versions could not be offered
        context.load_cert_chain(certificate, key)
        super().__init__()
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def url(self, path="/hook"):
        return f"https://127.0.0.1:{self.port}{path}"
