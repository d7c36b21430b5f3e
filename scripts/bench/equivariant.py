"""Times of PENG-CDE's 15 maps in plain PyTorch on one thread, for scripts/peng-cde-cost.ts: one JSON line for each number of nodes.

The graph and its rate of change at a time between knots are sums of three snapshots; each map is an n x n matrix, and their sum is
multiplied by 16 channels. Medians of at least 5 runs or a second, in milliseconds.
"""
import json
import sys
import time

import torch

torch.set_num_threads(1)
torch.manual_seed(0)


def maps(a):
    """The images of a [n, n] under the 15 maps, as they are defined."""
    n = a.shape[0]
    rows, columns, diagonal = a.sum(1) / n, a.sum(0) / n, a.diagonal()
    total, trace = a.sum() / n**2, a.trace() / n
    ones, eye = torch.ones_like(a), torch.eye(n)
    return [
        a, a.T, torch.diag(diagonal),
        rows[:, None] * ones, rows[None, :] * ones, torch.diag(rows),
        columns[:, None] * ones, columns[None, :] * ones, torch.diag(columns),
        total * ones, total * eye, trace * ones, trace * eye,
        diagonal[:, None] * ones, diagonal[None, :] * ones,
    ]  # fmt: skip


def product(knots, value, derivative, coefficients, messages):
    a = sum(w * x for w, x in zip(value, knots))
    b = sum(w * x for w, x in zip(derivative, knots))
    fused = sum(c * x for c, x in zip(coefficients, maps(a) + maps(b)))
    return fused @ messages


def median(run):
    run()
    times, begun = [], time.perf_counter()
    while len(times) < 5 or (time.perf_counter() - begun < 1 and len(times) < 200):
        start = time.perf_counter()
        run()
        times.append(1e3 * (time.perf_counter() - start))
    return sorted(times)[len(times) // 2]


for n in map(int, sys.argv[1:]):
    knots = [torch.randn(n, n) for _ in range(3)]
    messages = torch.randn(n, 16, requires_grad=True)
    coefficients = torch.randn(30, requires_grad=True)
    value, derivative = (0.1, 0.6, 0.3), (-1.0, 0.4, 0.6)

    def forward():
        with torch.no_grad():
            product(knots, value, derivative, coefficients, messages)

    def gradients():
        y = product(knots, value, derivative, coefficients, messages)
        torch.autograd.grad(y.sum(), [coefficients, messages])

    print(json.dumps({"n": n, "forward": median(forward), "gradients": median(gradients), "version": torch.__version__}), flush=True)
