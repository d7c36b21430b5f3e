"""The loop: opens a model, evaluates it, says what its layers compute."""
import os
import platform
import sys
import traceback

from .channel import Channel
from .problem import Problem

PROTOCOL = 1
OLDEST = (3, 9)


def main():
    channel = Channel()
    if sys.version_info < OLDEST:
        refuse(channel, Problem("old-python", found=platform.python_version()))
    try:
        import numpy
    except ImportError as error:
        refuse(channel, Problem("no-numpy", error=str(error)))
    from .guard import watch_memory
    from .session import Session

    watch_memory(channel)
    channel.send(
        {"type": "ready", "protocol": PROTOCOL, "python": platform.python_version(), "numpy": numpy.__version__}
    )
    session = Session()
    while True:
        header, payload = channel.receive()
        try:
            reply, arrays = session.answer(header, payload)
        except Problem as problem:
            reply, arrays = {"type": "fault", **problem.facts}, []
            error = problem.__cause__ or problem.__context__
            if error is not None:
                # For the log: the user sees the line, whoever looks for more finds the whole story here.
                traceback.print_exception(type(error), error, error.__traceback__)
        except MemoryError:
            reply, arrays = {"type": "fault", "kind": "memory"}, []
        sys.stdout.flush()
        sys.stderr.flush()
        channel.send(reply, arrays)


def refuse(channel, problem):
    channel.send({"type": "fault", "executable": sys.executable, **problem.facts})
    os._exit(0)
