"""What is wrong with the user's model, as data: Noether turns it into sentences."""
import os
import sys
import sysconfig
import traceback


class Problem(Exception):
    """`kind` and facts about it; `place` is {"file", "line"} of the user's own code."""

    def __init__(self, kind, **facts):
        super().__init__(kind)
        self.facts = {"kind": kind, **facts}


def raised(kind, error, folder):
    """The Problem of an exception out of the user's code, at the innermost line that is the user's."""
    if isinstance(error, MemoryError):
        kind = "memory"
    if isinstance(error, SystemExit):
        return Problem("exit", code=str(error.code), place=place_of(error, folder))
    return Problem(
        kind, error=type(error).__name__, message=first_lines(str(error)), place=place_of(error, folder)
    )


def first_lines(text, most=500):
    return text.strip()[:most]


def place_of(error, folder):
    """Where the user's code was: the place of a syntax error, else the innermost frame in the user's own files."""
    if isinstance(error, SyntaxError) and error.filename:
        return {"file": os.path.abspath(error.filename), "line": error.lineno}
    frames = [
        {"file": os.path.abspath(frame.filename), "line": frame.lineno}
        for frame in traceback.extract_tb(error.__traceback__)
        if is_code_of_users(frame.filename)
    ]
    own = [frame for frame in frames if frame["file"].startswith(os.path.join(folder, ""))]
    return (own or frames or [None])[-1]


_ours = os.path.join(os.path.dirname(os.path.realpath(__file__)), "")
_libraries = [
    os.path.join(os.path.realpath(path), "")
    for name, path in sysconfig.get_paths().items()
    if name in ("stdlib", "platstdlib", "purelib", "platlib")
] + [os.path.join(sys.prefix, "lib", ""), os.path.join(sys.base_prefix, "lib", "")]


def is_code_of_users(filename):
    """Neither Python's own nor installed nor ours."""
    if filename.startswith("<"):
        return False
    path = os.path.realpath(filename)
    if path.startswith(_ours) or path == os.path.join(os.path.dirname(_ours[:-1]), "worker.py"):
        return False
    if "site-packages" in path or "dist-packages" in path:
        return False
    return not any(path.startswith(library) for library in _libraries)
