"""The two pipes to Noether: frames of a JSON header and raw arrays (docs/python-protocol.md)."""
import json
import os
import queue
import sys
import threading


class Channel:
    """Takes standard input and output for itself: whatever else is printed in this process goes to standard error."""

    def __init__(self):
        self._in = os.fdopen(os.dup(0), "rb", buffering=0)
        self._out = os.dup(1)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)
        if sys.stdout is not None:
            sys.stdout.reconfigure(line_buffering=True)
        self._waiting = queue.SimpleQueue()
        # A thread of its own sees the end of the pipe also while the model computes: no orphans, on any system.
        threading.Thread(target=self._pump, daemon=True).start()

    def receive(self):
        """The next frame: its header and the bytes of its arrays."""
        return self._waiting.get()

    def send(self, header, arrays=()):
        """`arrays` are contiguous numpy arrays, in the order of `header["arrays"]`."""
        payload = sum(padded(array.nbytes) for array in arrays)
        text = json.dumps({**header, "bytes": payload}).encode()
        self._write(len(text).to_bytes(4, "little") + text)
        for array in arrays:
            if array.nbytes:
                self._write(memoryview(array).cast("B"))
            self._write(bytes(padded(array.nbytes) - array.nbytes))

    def _pump(self):
        while True:
            prefix = self._exactly(4)
            header = json.loads(self._exactly(int.from_bytes(prefix, "little")))
            self._waiting.put((header, self._exactly(header.get("bytes", 0))))

    def _exactly(self, count):
        data = bytearray(count)
        view = memoryview(data)
        while view:
            got = self._in.readinto(view)
            if not got:
                # Noether has gone, or wants this process to: nobody is left to tell anything.
                os._exit(0)
            view = view[got:]
        return data

    def _write(self, data):
        view = memoryview(data)
        while view:
            view = view[os.write(self._out, view) :]


def padded(count):
    """Arrays begin at multiples of 8 bytes, so that either side may look at them where they lie."""
    return (count + 7) & ~7
