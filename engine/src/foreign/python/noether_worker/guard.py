"""Ends the process when it takes more memory than it may: the machine is not to be brought to its knees."""
import os
import threading
import time

EXIT_CODE = 87


def watch_memory(channel):
    """The limit in bytes comes from the environment, as that of the process that started this one does."""
    limit = int(os.environ.get("NOETHER_WORKER_MEMORY", "0") or 0)
    if limit > 0 and resident() is not None:
        threading.Thread(target=_watch, args=(limit,), daemon=True).start()


def _watch(limit):
    while True:
        time.sleep(0.2)
        if (resident() or 0) > limit:
            os._exit(EXIT_CODE)


def resident():
    """Bytes of memory in use; None where the system does not tell without further packages."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        pass
    try:
        import resource

        # The largest so far, in bytes on macOS.
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    except ImportError:
        return None
