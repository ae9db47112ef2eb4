"""Read C sources just well enough to lint them: includes, calls and the length of functions."""

import pathlib
import re

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
# Comments, strings and character constants, so that none of their text is taken for code.
NOT_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
# Clocks, dice, I/O, processes and logs; a member call such as x->read() is somebody else's business.
IMPURE = re.compile(
    r"(?<![\w.>])(time|clock|clock_gettime|gettimeofday|localtime|localtime_r|rand|random|getrandom|srand"
    r"|getenv|setenv|exit|_exit|fork|system|printf|fprintf|vfprintf|puts|fputs|perror|syslog|fopen"
    r"|open|read|write|socket|connect|send|sendto|recv|recvfrom|sleep|usleep|nanosleep)\s*\(")
FUNCTION_NAME = re.compile(r"(\w+)\s*\(")


class File:
    """One source file; `path` is relative to the root, with slashes."""

    def __init__(self, root, path):
        self.path = path.relative_to(root).as_posix()
        self.text = path.read_text(errors="replace")
        self.lines = self.text.splitlines()

    def includes(self):
        """(line, header, is it our own) of every #include."""
        for number, line in enumerate(self.lines, 1):
            match = INCLUDE.match(line)
            if match:
                yield number, match.group(1) or match.group(2), match.group(1) is not None

    def code_lines(self):
        """The lines without comments and literals, still as many."""
        def blank(match):
            return re.sub(r"[^\n]", " ", match.group())
        return NOT_CODE.sub(blank, self.text).splitlines()

    def impure_calls(self):
        """(line, function) of every call that a pure library may not make; declarations have a type before them."""
        for number, line in enumerate(self.code_lines(), 1):
            for match in IMPURE.finditer(line):
                yield number, match.group(1)

    def functions(self):
        """(name, line, length) of every function: a brace alone in column 0 opens it, another closes it."""
        start = None
        for number, line in enumerate(self.lines, 1):
            if line == "{":
                start = number
            elif line == "}" and start is not None:
                yield self._name_before(start), start - 1, number - start + 1
                start = None

    def _name_before(self, brace_line):
        """The name in the signature that ends above an opening brace."""
        for line in reversed(self.lines[max(0, brace_line - 12):brace_line - 1]):
            if line and not line[0].isspace() and "(" in line:
                match = FUNCTION_NAME.search(line)
                return match.group(1) if match else line.strip()
        return "a function"


def read_tree(root):
    """All sources of lib/ and daemon/, in order."""
    root = pathlib.Path(root)
    return [File(root, path) for top in ("lib", "daemon") for path in sorted((root / top).rglob("*.[ch]"))]
