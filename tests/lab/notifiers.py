"""Configuration entries of notifiers, in one place: an option that is renamed is mended here only."""


def webhook(name, url, secret_file=None, **more):
    entry = {"name": name, "type": "webhook", "url": url}
    if secret_file is not None:
        entry["secret_file"] = str(secret_file)
    return entry | more


def alertmanager(name, url):
    return webhook(name, url, format="alertmanager")


def syslog_unix(name, path):
    """A local socket, as /dev/log is."""
    return {"name": name, "type": "syslog", "facility": "daemon", "socket": str(path)}


def syslog_udp(name, port):
    return {"name": name, "type": "syslog", "facility": "daemon", "server": f"udp:127.0.0.1:{port}"}


def syslog_tcp(name, port):
    return {"name": name, "type": "syslog", "facility": "daemon", "server": f"tcp:127.0.0.1:{port}"}


def execute(name, *command):
    return {"name": name, "type": "exec", "command": [str(part) for part in command]}
