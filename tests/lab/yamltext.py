"""Write YAML in the block style of our documentation. Reading it is libyaml's work, in the daemon."""

import json
import re

PLAIN = re.compile(r"[A-Za-z0-9/_.][A-Za-z0-9/_.@-]*\Z")


def _scalar(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    return value if PLAIN.match(value) else json.dumps(value)


def dump(value, indent=0):
    """The text of a mapping or a list; scalars are plain where that is safe and double-quoted elsewhere."""
    pad = " " * indent
    if isinstance(value, dict):
        lines = []
        for key, item in value.items():
            if isinstance(item, (dict, list)) and item:
                lines.append(f"{pad}{key}:\n{dump(item, indent + 2)}")
            elif isinstance(item, (dict, list)):
                lines.append(f"{pad}{key}: {'{}' if isinstance(item, dict) else '[]'}\n")
            else:
                lines.append(f"{pad}{key}: {_scalar(item)}\n")
        return "".join(lines)
    lines = []
    for item in value:
        if isinstance(item, (dict, list)):
            block = dump(item, indent + 2)
            lines.append(f"{pad}- {block[indent + 2:]}")
        else:
            lines.append(f"{pad}- {_scalar(item)}\n")
    return "".join(lines)
