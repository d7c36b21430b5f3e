"""The loop that people write: each sample is turned, run, compared, one after the other. Pairs a second of scripts/bench-verifier-cost.ts's EGNN."""
import sys
import time
from pathlib import Path

import numpy as np
import torch

root = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "scripts" / "fixtures"))
from torch_onnx import EGNN  # noqa: E402

elements, rounds = int(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(1)
torch.manual_seed(0)
net = EGNN().eval()
data = np.load(root / "test-fixtures" / "torch" / "clouds.npz")
samples = [
    (torch.tensor(data["positions"][i : i + 1], dtype=torch.float32), torch.tensor(data["species"][i : i + 1]).long())
    for i in range(4)
]


def turned(x):
    q, r = torch.linalg.qr(torch.randn(3, 3))
    q = q * torch.sign(torch.diagonal(r))
    if torch.det(q) < 0:
        q[:, 0] *= -1
    shift = torch.randn(3)
    order = torch.randperm(x.shape[1])
    return (x @ q.T + shift)[:, order], q, shift, order


def once():
    worst = 0.0
    with torch.no_grad():
        for positions, species in samples:
            energy, moved = net(positions, species)
            for _ in range(elements):
                there, q, shift, order = turned(positions)
                other, further = net(there, species[:, order])
                expected = (moved @ q.T + shift)[:, order]
                worst = max(worst, float((other - energy).abs().max()), float((further - expected).norm() / moved.norm()))
    return worst


once()
times = []
for _ in range(rounds):
    start = time.perf_counter()
    gap = once()
    times.append(time.perf_counter() - start)
seconds = sorted(times)[rounds // 2]
print(f"A plain loop in PyTorch {torch.__version__}, one thread, the same network: {4 * elements / seconds:.0f} pairs a second, gap {gap:.1e}, no floor")
