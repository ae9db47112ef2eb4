"""The Standard Webhooks signature, written from its specification and not from our sender's code."""

import base64
import hashlib
import hmac

PREFIX = "whsec_"


def secret_bytes(secret):
    """The key of a secret text: `whsec_` + base64, or the bytes as they are."""
    if secret.startswith(PREFIX):
        return base64.b64decode(secret[len(PREFIX):])
    return secret.encode()


def sign(secret, message_id, timestamp, body):
    """The value of `webhook-signature` for a body of bytes."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(secret_bytes(secret), signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def verify(secret, headers, body):
    """Is one of the signatures in the headers right? `headers` has lower-case names."""
    expected = sign(secret, headers["webhook-id"], headers["webhook-timestamp"], body)
    return any(hmac.compare_digest(expected, each) for each in headers["webhook-signature"].split())


def write_secret(path, secret):
    """A secret file as the sender accepts it: with a final newline, and readable by nobody else."""
    path.touch(mode=0o600)
    path.write_text(secret + "\n")
    return path
