"""PyTorch models whose gradients by their inputs are known, go wrong, or are not there."""
import torch
from torch import nn


def peak(v):
    """1 + exp(8 (cos - 1)) about the direction (0.48, 0.6, 0.64): at most 2."""
    along = v @ v.new_tensor([0.48, 0.6, 0.64]) / v.norm()
    return 1 + torch.exp(8 * (along - 1))


class Mixed(nn.Module):
    """Two outputs, an integer input, dropout: d/dx of (sum_i w[kind_i] |x_i|^2) and of 3 x."""

    def __init__(self):
        super().__init__()
        self.weights = nn.Parameter(torch.tensor([1.0, 2.0, 4.0]))
        self.dropout = nn.Dropout(0.5)

    def forward(self, x, kind):
        return {"energy": (self.weights[kind] * (self.dropout(x) ** 2).sum(-1)).sum(), "field": 3 * x, "kind": kind}


def mixed():
    return Mixed()


class Batched(nn.Module):
    def forward(self, x):
        return (x**3).sum((1, 2))


def batched():
    return Batched()


class Broken(torch.autograd.Function):
    @staticmethod
    def forward(context, x):
        return x * 2

    @staticmethod
    def backward(context, gradient):
        raise ValueError("no backward for this kernel")


class BrokenBackward(nn.Module):
    """Computes as `peak` does, and cannot be differentiated."""

    def forward(self, v):
        return peak(Broken.apply(v))


def broken_backward():
    return BrokenBackward()


class Detached(nn.Module):
    def forward(self, v):
        return peak(v.detach())


def detached():
    return Detached()


class Misleading(nn.Module):
    """The gradient of the wrong sign: nothing that a search may trust."""

    def forward(self, v):
        value = peak(v)
        return 2 * value.detach() - value


def misleading():
    return Misleading()


class Pose(nn.Module):
    """1, and a peak of height 1 where the first point is at (0.3, -0.2, 0.5) and the second lies from it along z."""

    def forward(self, x):
        place = ((x[0] - x.new_tensor([0.3, -0.2, 0.5])) ** 2).sum()
        direction = (x[1] - x[0]) / (x[1] - x[0]).norm()
        return 1 + torch.exp(-3 * place - 12 * (1 - direction[2]))


def pose():
    return Pose()


class BrokenPose(nn.Module):
    def forward(self, x):
        return Pose()(Broken.apply(x))


def broken_pose():
    return BrokenPose()


class HalfDetached(nn.Module):
    def forward(self, v):
        return {"blind": peak(v.detach()), "seen": peak(v)}


def half_detached():
    return HalfDetached()
