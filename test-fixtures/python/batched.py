import numpy as np


def build():
    weights = np.random.default_rng(3).normal(size=(3, 4))

    def model(x):
        assert x.ndim == 3, f"a batch axis, please: {x.shape}"
        return np.tanh(x @ weights).sum((1, 2))

    return model


def mixing():
    """Subtracts the mean over the batch, as a forgotten batch norm does."""

    def model(x):
        return (x - x.mean(0, keepdims=True)).sum((1, 2))

    return model
