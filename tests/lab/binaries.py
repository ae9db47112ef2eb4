"""Where the programs under test are, and the environment they run in."""

import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEFAULT_BUILD = "build/asan"


def build_dir():
    """The build under test: MXWATCH_BUILD, else the sanitized one."""
    return pathlib.Path(os.environ.get("MXWATCH_BUILD", ROOT / DEFAULT_BUILD)).resolve()


def program(name):
    path = build_dir() / "daemon" / name
    if not path.exists():
        raise FileNotFoundError(f"{path} is not built (./dev build, or set MXWATCH_BUILD)")
    return path


def environment(log_dir, **more):
    """A clean environment: sanitizer reports go to files that the suite reads at the end.

    A report must also end the program, or a test could pass over it: halt_on_error. The files are
    `sanitizer.PID` in SANITIZER_LOGS when the caller (./dev) collects them, else in `log_dir`. A test may
    preload something before the sanitizer's library.
    """
    logs = pathlib.Path(os.environ.get("SANITIZER_LOGS", log_dir)) / "sanitizer"
    common = f"halt_on_error=1:abort_on_error=0:exitcode=99:log_path={logs}"
    env = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "LC_ALL": "C.UTF-8",
        "TMPDIR": str(log_dir),
        "ASAN_OPTIONS": f"{common}:detect_leaks=1:strict_string_checks=1:verify_asan_link_order=0",
        "UBSAN_OPTIONS": f"{common}:print_stacktrace=1",
        "LSAN_OPTIONS": "exitcode=99",
    }
    return env | {key: str(value) for key, value in more.items()}


def sanitizer_reports(log_dir):
    """The texts of what the sanitizers wrote into a directory."""
    return [path.read_text(errors="replace") for path in sorted(pathlib.Path(log_dir).glob("sanitizer.*"))]
