"""Everything that a callable should not do."""
import os
import sys
import time

import numpy as np


def prints(x):
    print("hello from", "the model")
    sys.stdout.write("\x00\x01 no frame")
    os.write(1, b"straight to the descriptor\n")
    os.system("echo from a child")
    return x.sum()


def raises(x):
    return helper(x)


def helper(x):
    return x @ np.ones((7, 7))


def hangs(x):
    while True:
        time.sleep(0.05)


def leaves(x):
    sys.exit(3)


def vanishes(x):
    os._exit(5)


def crashes(x):
    os.kill(os.getpid(), 11)


def asks(x):
    return float(input("how much? "))


def wrong_shape(x):
    return np.ones((2, 5))


def not_a_number(x):
    return x.sum() * np.nan


def four_gigabytes(x):
    # Zeros take no memory until someone looks at them.
    return np.zeros(2**29)


def too_much_memory(x):
    return np.ones(2**27).sum()


def complex_numbers(x):
    return np.fft.fft(x).sum()


def objects(x):
    return object()


def large_integers(x):
    return np.asarray(2**40)


def nothing_named(x):
    return {"enrgy": x.sum()}


def fails_to_build():
    raise ValueError("no such hidden size: -1")


def builds_nothing():
    return None


def needs_more(width, depth):
    return lambda x: x.sum()


def takes_two(x, y):
    return x.sum() + y.sum()


def random_numbers(x):
    return x.sum() + np.random.normal()


ANSWER = 42
