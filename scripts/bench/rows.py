"""The rows of the benchmark in plain PyTorch, one thread. Speaks the protocol of worker.ts."""
import json
import resource
import sys
import time
from functools import partial

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(0)


def uniform(*shape):
    return torch.rand(*shape) * 2 - 1


def parameters(*shapes):
    return [(uniform(*shape) * 0.2).requires_grad_() for shape in shapes]


def matmul(m, k, n):
    a, b = uniform(m, k), uniform(k, n)
    return lambda: a @ b


def mlp():
    x = uniform(100_000, 64)
    w1, b1, w2, b2 = uniform(64, 64), uniform(64), uniform(64, 64), uniform(64)
    return lambda: F.linear(F.gelu(F.linear(x, w1, b1)), w2, b2)


def edges():
    return torch.randint(5000, (100_000,)), torch.randint(5000, (100_000,))


def gather_sum(gradient):
    x = uniform(5000, 64).requires_grad_(gradient)
    senders, receivers = edges()

    def forward():
        return torch.zeros(5000, 64).index_add_(0, receivers, x[senders])

    return backward(forward, [x]) if gradient else forward


def messages(gradient):
    x, w = uniform(5000, 64).requires_grad_(gradient), uniform(100_000, 64).requires_grad_(gradient)
    senders, receivers = edges()

    def forward():
        return torch.zeros(5000, 64).index_add_(0, receivers, x[senders] * w)

    return backward(forward, [x, w]) if gradient else forward


def segments(order):
    ids = torch.randint(5000, (100_000,))
    return ids.sort().values if order == 'sorted' else ids


def largest(x, ids):
    """The maximum of each segment; zero without rows."""
    return torch.zeros(5000, x.shape[1]).scatter_reduce(0, ids[:, None].expand_as(x), x, 'amax', include_self=False)


def segment_mean(x, ids):
    return torch.zeros(5000, x.shape[1]).index_add(0, ids, x) / torch.bincount(ids, minlength=5000).clamp(min=1)[:, None]


def segment_softmax(x, ids):
    weights = (x - largest(x.detach(), ids)[ids]).exp()
    return weights / torch.zeros(5000, x.shape[1]).index_add(0, ids, weights)[ids]


def by_segment(call, width, order, gradient):
    x, ids = uniform(100_000, width).requires_grad_(gradient), segments(order)
    return backward(lambda: call(x, ids), [x]) if gradient else without_tape(lambda: call(x, ids))


def harmonics(degree, gradient):
    """The recursion of the associated Legendre polynomials and powers of z + i x, column by column, polar axis y."""
    vectors = uniform(100_000, 3).requires_grad_(gradient)

    def factor(l, m):
        squared = 2 * l + 1
        for k in range(l - m + 1, l + m + 1):
            squared /= k
        return (2 * squared if m else squared) ** 0.5

    def forward():
        x, y, z = F.normalize(vectors, dim=1).unbind(1)
        columns = [None] * (degree + 1) ** 2
        cosine, sine, diagonal = torch.ones_like(x), torch.zeros_like(x), 1
        for m in range(degree + 1):
            below, polar = torch.zeros_like(x), torch.full_like(x, diagonal)
            for l in range(m, degree + 1):
                columns[l * l + l + m] = factor(l, m) * polar * cosine
                if m:
                    columns[l * l + l - m] = factor(l, m) * polar * sine
                below, polar = polar, ((2 * l + 1) * y * polar - (l + m) * below) / (l + 1 - m)
            diagonal *= 2 * m + 1
            cosine, sine = cosine * z - sine * x, cosine * x + sine * z
        return torch.stack(columns, 1)

    return backward(forward, [vectors]) if gradient else without_tape(forward)


def distances(gradient):
    x, y = (uniform(2000, 3).requires_grad_(gradient) for _ in range(2))
    if not gradient:
        return without_tape(lambda: torch.cdist(x, y))
    return lambda: torch.autograd.grad(torch.cdist(x, y).sum(), [x, y])


def products(gradient):
    """x [n, u, i] y [n, j] C[i, j, k] as plain PyTorch does it: y into the coefficients, then a product of matrices for each n."""
    count, channels, width = 20_000, 32, 9
    x, y = uniform(count, channels, width).requires_grad_(gradient), uniform(count, width).requires_grad_(gradient)
    coefficients = torch.zeros(width**3)
    coefficients[torch.randperm(width**3)[:83]] = torch.randn(83)
    by_y = coefficients.view(width, width, width).permute(1, 0, 2).reshape(width, width * width)

    def forward():
        return x @ (y @ by_y).view(count, width, width)

    return backward(forward, [x, y]) if gradient else without_tape(forward)


def backward(forward, inputs):
    return lambda: torch.autograd.grad(forward().square().sum(), inputs)


def transformer(training):
    batch, tokens, width, heads, layers = 16, 128, 64, 4, 4
    x = uniform(batch, tokens, width)
    blocks = [
        parameters(
            (width,), (width,), (3 * width, width), (3 * width,), (width, width), (width,),
            (width,), (width,), (4 * width, width), (4 * width,), (width, 4 * width), (width,),
        )
        for _ in range(layers)
    ]

    def forward():
        h = x
        for w1, b1, qkv, qkv_b, out, out_b, w2, b2, up, up_b, down, down_b in blocks:
            a = F.linear(F.layer_norm(h, (width,), w1, b1), qkv, qkv_b)
            q, k, v = a.view(batch, tokens, 3, heads, -1).permute(2, 0, 3, 1, 4)
            weights = torch.softmax(q @ k.transpose(-1, -2) / (width // heads) ** 0.5, -1)
            mixed = (weights @ v).transpose(1, 2).reshape(batch, tokens, width)
            h = h + F.linear(mixed, out, out_b)
            a = F.gelu(F.linear(F.layer_norm(h, (width,), w2, b2), up, up_b))
            h = h + F.linear(a, down, down_b)
        return h

    return step(forward, [p for block in blocks for p in block]) if training else without_tape(forward)


def without_tape(forward):
    def run():
        with torch.no_grad():
            return forward()

    return run


def step(forward, weights):
    optimiser = torch.optim.Adam(weights, lr=1e-3)

    def run():
        optimiser.zero_grad()
        forward().square().mean().backward()
        optimiser.step()

    return run


def rapidash(training):
    """Rapidash of two layers on points and directions: invariants, kernel basis, separable convolution, block."""
    clouds, points, width, orientations, layers, near = 8, 512, 64, 8, 2, 16
    total = clouds * points
    positions = uniform(clouds, points, 3)
    distance = torch.cdist(positions, positions)
    nearest = distance.topk(near, largest=False).indices
    offset = (torch.arange(clouds) * points).view(-1, 1, 1)
    senders = (nearest + offset).reshape(-1)
    receivers = torch.arange(total).repeat_interleave(near)
    flat = positions.reshape(-1, 3)
    grid = F.normalize(uniform(orientations, 3), dim=-1)
    features = uniform(total, orientations, width)
    basis_weights = parameters((width, 14), (width,), (width, width), (width,), (width, 3), (width,), (width, width), (width,))
    blocks = [
        parameters(
            (width, width), (width, width), (width,), (width,), (width,),
            (4 * width, width), (4 * width,), (width, 4 * width), (width,),
        )
        for _ in range(layers)
    ]

    def powers(x, degree):
        rows = [x]
        for _ in range(1, degree):
            rows.append((rows[-1].unsqueeze(-1) * x.unsqueeze(-2)).flatten(-2))
        return torch.cat(rows, -1)

    def forward():
        w1, b1, w2, b2, f1, c1, f2, c2 = basis_weights
        relative = flat[senders] - flat[receivers]
        along = relative @ grid.T
        across = (relative.unsqueeze(1) - along.unsqueeze(-1) * grid).norm(dim=-1)
        spatial = powers(torch.stack([along, across], -1), 3)
        spatial = F.gelu(F.linear(F.gelu(F.linear(spatial, w1, b1)), w2, b2))
        fibre = powers((grid @ grid.T).unsqueeze(-1), 3)
        fibre = F.gelu(F.linear(F.gelu(F.linear(fibre, f1, c1)), f2, c2))
        x = features
        for kernel, fibre_kernel, bias, nw, nb, up, up_b, down, down_b in blocks:
            sent = x[senders] * F.linear(spatial, kernel)
            h = torch.zeros(total, orientations, width).index_add_(0, receivers, sent)
            h = torch.einsum('ioc,poc->ipc', h, F.linear(fibre, fibre_kernel) / orientations) + bias
            h = F.layer_norm(h, (width,), nw, nb)
            x = x + F.linear(F.gelu(F.linear(h, up, up_b)), down, down_b)
        return x

    weights = basis_weights + [p for block in blocks for p in block]
    return step(forward, weights) if training else without_tape(forward)


def convolution(image, taps, depthwise, gradient):
    batch, height, width, channels = image
    x = uniform(batch, channels, height, width).requires_grad_(gradient)
    rows, columns, of, outputs = taps
    filters = uniform(*((of, 1) if depthwise else (outputs, of)), rows, columns).requires_grad_(gradient)

    def forward():
        return F.conv2d(x, filters, padding='same', groups=channels if depthwise else 1)

    return backward(forward, [x, filters]) if gradient else forward


def radius_graph(count):
    positions = torch.rand(count, 3, dtype=torch.float64)
    radius = (30 / count / 4.19) ** (1 / 3)
    return lambda: (torch.cdist(positions, positions) <= radius).nonzero()


def nearest(count, periodic):
    positions = torch.rand(count, 3, dtype=torch.float64)

    def run():
        if periodic:
            apart = positions[:, None] - positions
            squares = (apart - apart.round()).square().sum(-1)
        else:
            squares = torch.cdist(positions, positions)
        return squares.fill_diagonal_(float('inf')).topk(16, largest=False).indices

    return run


rows = {
    'matmul 512^3': lambda: matmul(512, 512, 512),
    'matmul 128x64x64': lambda: matmul(128, 64, 64),
    'MLP 100k x 64': lambda: without_tape(mlp()),
    'gather + segment sum': lambda: gather_sum(False),
    'gather + segment sum, with gradient': lambda: gather_sum(True),
    'message passing': lambda: messages(False),
    'message passing, with gradient': lambda: messages(True),
    **{
        f'{name}, {order}{", with gradient" if gradient else ""}': partial(by_segment, call, width, order, gradient)
        for order in ('any order', 'sorted')
        for gradient in (False, True)
        for name, call, width in (
            ('segment mean 100k x 64', segment_mean, 64),
            ('segment max 100k x 64', largest, 64),
            ('segment softmax 100k x 8', segment_softmax, 8),
            ('segment softmax 100k x 1', segment_softmax, 1),
        )
    },
    **{
        f'spherical harmonics 100k to degree {degree}{", with gradient" if gradient else ""}': partial(
            harmonics, degree, gradient
        )
        for degree in (3, 6)
        for gradient in (False, True)
    },
    'distances 2k x 2k': lambda: distances(False),
    'distances 2k x 2k, with gradient': lambda: distances(True),
    'tensor product 20k x 32 x 9': lambda: products(False),
    'tensor product 20k x 32 x 9, with gradient': lambda: products(True),
    **{
        f'{name}{", with gradient" if gradient else ""}': partial(convolution, image, taps, depthwise, gradient)
        for name, image, taps, depthwise in (
            ('convolution 3x3, 8 x 32 x 32, 32 to 64', (8, 32, 32, 32), (3, 3, 32, 64), False),
            ('convolution 1x1, 8 x 32 x 32, 64 to 64', (8, 32, 32, 64), (1, 1, 64, 64), False),
            ('convolution 5x5, 32 x 28 x 28, 1 to 16', (32, 28, 28, 1), (5, 5, 1, 16), False),
            ('convolution of 5 in sequences, 32 x 256, 64 to 64', (32, 1, 256, 64), (1, 5, 64, 64), False),
            ('depthwise 3x3, 8 x 32 x 32 x 64', (8, 32, 32, 64), (3, 3, 64, 1), True),
            ('depthwise 7x7, 8 x 32 x 32 x 64', (8, 32, 32, 64), (7, 7, 64, 1), True),
        )
        for gradient in (False, True)
    },
    'transformer forward': lambda: transformer(False),
    'transformer Adam step': lambda: transformer(True),
    'Rapidash forward': lambda: rapidash(False),
    'Rapidash Adam step': lambda: rapidash(True),
    'radius graph 1k': lambda: radius_graph(1000),
    'radius graph 10k': lambda: radius_graph(10_000),
    '16 nearest neighbours 10k': lambda: nearest(10_000, False),
    '16 nearest neighbours 10k, periodic': lambda: nearest(10_000, True),
}


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    name, repeats = sys.argv[1], int(sys.argv[2])
    if name not in rows:
        print(json.dumps({'skipped': 'a matrix of all distances does not fit'}), flush=True)
        return
    before = peak()
    run = rows[name]()
    print(json.dumps({'ready': f'PyTorch {torch.__version__}'}), flush=True)
    for _ in sys.stdin:
        start = time.process_time()
        for _ in range(repeats):
            run()
        print(json.dumps({'ms': (time.process_time() - start) * 1000 / repeats, 'mb': peak() - before}), flush=True)


main()
