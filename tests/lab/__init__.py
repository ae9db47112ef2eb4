"""The ground on which mxwatch is tested and shown.

Real servers (NSD, Unbound, rsyslog), a scripted DNS server that can fail in every way a resolver
can, a webhook receiver, and handles for the daemon and the command. Everything listens on loopback
only, lives in a directory of its own and stops with its context manager.
"""
