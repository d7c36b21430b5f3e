"""Entry of the process that runs a user's Python model for Noether. docs/python-protocol.md says what it speaks."""
import os
import sys

# The package beside this file is found first; the user's own folder takes this place once it is loaded.
sys.path[0] = os.path.dirname(os.path.abspath(__file__))

from noether_worker.serve import main  # noqa: E402

main()
