"""Energies of points in numpy: one that knows distances only, and one with a planted break."""
import numpy as np

from constants import WIDTHS


def energy(positions):
    """Invariant under rotations, translations and permutations."""
    difference = positions[:, None, :] - positions[None, :, :]
    distance = np.sqrt((difference**2).sum(-1) + 1e-3)
    return sum(np.exp(-distance / width).sum() for width in WIDTHS)


def leaky_energy(positions):
    """The same, with an axis of space leaked into it."""
    return energy(positions) + 0.1 * positions[:, 2].sum()


class Field:
    """Energy and forces, weights in float32, as most people train them."""

    def __init__(self):
        self.scale = np.asarray([0.5, 1.5], np.float32)

    def __call__(self, positions, charge):
        difference = positions[:, None, :] - positions[None, :, :]
        distance = np.sqrt((difference**2).sum(-1) + np.asarray(1e-3, positions.dtype))
        pair = charge[:, None] * charge[None, :] * np.exp(-distance / self.scale[0]) * self.scale[1]
        forces = (pair / distance)[..., None] * difference
        return {"energy": pair.sum(), "force": forces.sum(1)}


class Narrow:
    """Casts on its way, so that float64 inputs are of no use."""

    def __init__(self):
        self.scale = np.asarray([0.5], np.float32)

    def __call__(self, positions):
        return (self.scale[0] * energy(positions.astype(np.float32))).astype(positions.dtype)


class Unmeasured(tuple):
    """As e3nn's Irreps: a tuple without a length."""

    def __len__(self):
        raise NotImplementedError


class Untouchable:
    """Whoever looks at its attributes gets an error that is not AttributeError."""

    def __getattribute__(self, name):
        raise RuntimeError("hands off")


UNMEASURED = Unmeasured((1.0, 2.0))
UNTOUCHABLE = Untouchable()


def holds_odd_objects(positions):
    return UNMEASURED[1] * positions.sum() + (0.0 if UNTOUCHABLE is not None else 1.0)
