"""A small EGNN-like network in PyTorch, as people write them; `broken` has a planted break in its second layer."""
import torch
from torch import nn


class Layer(nn.Module):
    def __init__(self, width, broken=False):
        super().__init__()
        self.message = nn.Sequential(nn.Linear(2 * width + 1, width), nn.SiLU(), nn.Linear(width, width))
        self.update = nn.Linear(width, width)
        self.broken = broken

    def forward(self, h, x):
        n = h.shape[0]
        difference = x[:, None] - x[None]
        distance = (difference**2).sum(-1, keepdim=True)
        if self.broken:
            distance = distance + 0.1 * difference[..., :1]
        pairs = torch.cat([h[:, None].expand(n, n, -1), h[None].expand(n, n, -1), distance], -1)
        return h + torch.tanh(self.update(self.message(pairs).sum(1) / n))


class Net(nn.Module):
    def __init__(self, width=16, broken=False):
        super().__init__()
        self.embed = nn.Embedding(10, width)
        self.first = Layer(width)
        self.second = Layer(width, broken)
        self.dropout = nn.Dropout(0.5)
        self.out = nn.Linear(width, 1)
        # A constant that is no buffer, as is often forgotten.
        self.shift = torch.linspace(0, 1, width)

    def forward(self, positions, species):
        h = self.embed(species)
        h = self.second(self.first(h, positions), positions)
        return self.out(self.dropout(h) + self.shift).sum()


class Forces(nn.Module):
    """Forces as the gradient of the energy, taken inside the model."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, positions, species):
        positions = positions.requires_grad_(True)
        energy = self.net(positions, species)
        (gradient,) = torch.autograd.grad(energy, positions)
        return energy, -gradient


def steady():
    return Net()


def broken():
    return Net(broken=True)


def forces():
    return Forces(Net())


def trained(checkpoint):
    net = Net()
    net.load_state_dict(torch.load(checkpoint, map_location="cpu"))
    return net


def save(path):
    torch.manual_seed(5)
    torch.save(Net().state_dict(), path)


trunk = Net()
