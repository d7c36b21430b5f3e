"""Runs a user's Python model on arrays that come over a pipe. Needs the standard library and numpy."""
