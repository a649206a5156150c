"""Writes torch-values.json: outputs and gradients of blocks as PyTorch computes them in float64.

    python torch_values.py > torch-values.json

Parameter t of a block, in the order of our network, holds 0.4 * sin(1 + 0.7 * i + 1.3 * t) at place i, the input
sin(2 + 0.9 * i) and the seed that the output is multiplied by cos(0.5 * i); gradients are those of the sum.
"""
import json
import math
import sys

import torch
from torch import nn
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def wave(shape, start, step, size, of=torch.sin):
    count = math.prod(shape)
    return (size * of(start + step * torch.arange(count, dtype=torch.float64))).reshape(shape)


def case(shape, parameters, forward):
    """`parameters`: our names and shapes without the member axis, in order."""
    x = wave(shape, 2, 0.9, 1).requires_grad_()
    p = {name: wave(s, 1 + 1.3 * t, 0.7, 0.4).requires_grad_() for t, (name, s) in enumerate(parameters.items())}
    out = forward(x, p)
    (out * wave(out.shape, 0, 0.5, 1, torch.cos)).sum().backward()
    flat = lambda t: [round(v, 10) for v in t.flatten().tolist()]
    return {
        "input": list(shape),
        "parameters": parameters,
        "output": flat(out),
        "gradients": {"x": flat(x.grad), **{n: flat(v.grad) for n, v in p.items() if v.grad is not None}},
    }


def run(module, weights, x):
    return torch.func.functional_call(module, weights, (x,))


def transformer(x, p):
    layer = nn.TransformerEncoderLayer(4, 2, 6, 0.0, "gelu", norm_first=True, batch_first=True)
    t = lambda n: p[n].reshape(p[n].shape[-2:]).T
    b = lambda n: p[n].flatten()
    return run(layer, {
        "self_attn.in_proj_weight": torch.cat([t("a.q.w"), t("a.k.w"), t("a.v.w")]),
        "self_attn.in_proj_bias": torch.cat([b("a.q.b"), b("a.k.b"), b("a.v.b")]),
        "self_attn.out_proj.weight": t("a.o.w"), "self_attn.out_proj.bias": b("a.o.b"),
        "norm1.weight": b("1.scale"), "norm1.bias": b("1.shift"),
        "norm2.weight": b("2.scale"), "norm2.bias": b("2.shift"),
        "linear1.weight": t("up.w"), "linear1.bias": b("up.b"),
        "linear2.weight": t("down.w"), "linear2.bias": b("down.b"),
    }, x)


def gates(w, order, hidden):
    """Columns of gates in our order to rows in PyTorch's."""
    parts = w.split(hidden, dim=-1)
    return torch.cat([parts[i] for i in order], dim=-1).T


def lstm(x, p):
    # ours: input, output, forget, candidate; PyTorch's: input, forget, candidate, output
    order = [0, 2, 3, 1]
    bias = gates(p["b"], order, 2).flatten()
    layer = nn.LSTM(3, 2, batch_first=True)
    states, _ = run(layer, {"weight_ih_l0": gates(p["w"], order, 2), "weight_hh_l0": gates(p["r"], order, 2),
                            "bias_ih_l0": bias, "bias_hh_l0": torch.zeros_like(bias)}, x)
    return states


def gru(x, p):
    # ours: update, reset, candidate; PyTorch's: reset, update, candidate
    order = [1, 0, 2]
    own = torch.cat([torch.zeros(4), p["c"].flatten()])
    layer = nn.GRU(3, 2, batch_first=True)
    states, _ = run(layer, {"weight_ih_l0": gates(p["w"], order, 2), "weight_hh_l0": gates(p["r"], order, 2),
                            "bias_ih_l0": gates(p["b"], order, 2).flatten(), "bias_hh_l0": own}, x)
    return states[:, -1]


def normed(x, p, name):
    return F.batch_norm(x, None, None, p[f"{name}.scale"].flatten(), p[f"{name}.shift"].flatten(), training=True)


def residual(x, p):
    h = F.relu(normed(F.conv2d(x, p["1.w"], stride=2, padding=1), p, "1.norm"))
    h = normed(F.conv2d(h, p["2.w"], padding=1), p, "2.norm")
    return F.relu(h + normed(F.conv2d(x, p["s.w"], stride=2), p, "s.norm"))


def inverted(x, p):
    h = F.silu(normed(F.conv2d(x, p["1.w"]), p, "1.norm"))
    h = F.silu(normed(F.conv2d(h, p["2.w"], padding=1, groups=4), p, "2.norm"))
    s = F.relu(h.mean((2, 3)) @ p["e.1.w"] + p["e.1.b"])
    h = h * torch.sigmoid(s @ p["e.2.w"] + p["e.2.b"])[:, :, None, None]
    return x + normed(F.conv2d(h, p["3.w"]), p, "3.norm")


def convnext(x, p):
    b = lambda n: p[n].flatten()
    h = F.conv2d(x, p["depth.w"], p["depth.b"], padding=1, groups=2).permute(0, 2, 3, 1)
    h = F.layer_norm(h, (2,), b("norm.scale"), b("norm.shift"), 1e-6)
    h = F.gelu(h @ p["up.w"][0] + b("up.b")) @ p["down.w"][0] + b("down.b")
    return x + (h * b("scale")).permute(0, 3, 1, 2)


def temporal(x, p):
    h = x
    for part in ("1", "2"):
        h = F.relu(F.conv1d(F.pad(h, (2, 0)), p[f"{part}.w"], p[f"{part}.b"], dilation=2))
    return F.relu(h + x)


# A row per target: sources 1 and 2 to 0, 0 to 1, 3 to 2, 2 to 3; node 4 alone.
A = torch.zeros(5, 5)
for source, target in ((1, 0), (2, 0), (0, 1), (3, 2), (2, 3)):
    A[target, source] = 1


def symmetric(a):
    degree = a.sum(1)
    product = degree[:, None] * degree[None, :]
    return torch.where(product > 0, a / product.clamp(min=1e-30).sqrt(), torch.zeros_like(a))


LOOPS = A + torch.eye(5)


def gcn(x, p):
    return symmetric(LOOPS) @ (x[0] @ p["w"]) + p["b"][0]


def gat(x, p):
    out = []
    sent = x[0] @ p["w"]
    for h in range(2):
        part = sent[:, 2 * h:2 * h + 2]
        source, target = (part @ p[n][0, 2 * h:2 * h + 2] for n in ("source", "target"))
        score = F.leaky_relu(target[:, None] + source[None, :], 0.2)
        out.append(score.masked_fill(LOOPS == 0, -math.inf).softmax(1) @ part)
    return torch.cat(out, 1) + p["b"][0]


def sage(x, p):
    return x[0] @ p["own.w"] + p["own.b"] + (LOOPS / LOOPS.sum(1, keepdim=True)) @ x[0] @ p["from.w"]


def gin(x, p):
    h = (1 + p["epsilon"][0]) * x[0] + LOOPS @ x[0]
    return F.relu(h @ p["1.w"] + p["1.b"][0]) @ p["2.w"] + p["2.b"][0]


def chebyshev(x, p):
    scaled = -symmetric(A)
    t = [x[0], scaled @ x[0]]
    t.append(2 * scaled @ t[1] - t[0])
    return sum(h @ w for h, w in zip(t, p["w"].split(2))) + p["b"][0]


def arma(x, p):
    stacks = []
    for s in ("0", "1"):
        h = F.relu(symmetric(A) @ (x[0] @ p[f"{s}.first.w"]) + x[0] @ p[f"{s}.skip0.w"] + p[f"{s}.skip0.b"])
        h = F.relu(symmetric(A) @ (h @ p[f"{s}.next"]) + x[0] @ p[f"{s}.skip1.w"] + p[f"{s}.skip1.b"])
        stacks.append(h)
    return (stacks[0] + stacks[1]) / 2


def norm(name, channels, spatial=2):
    one = [1] * spatial
    return {f"{name}.scale": [1, channels, *one], f"{name}.shift": [1, channels, *one]}


square = lambda name, n=4: {f"{name}.w": [1, n, n], f"{name}.b": [1, 1, n]}
affine = lambda name, n: {f"{name}.scale": [1, 1, n], f"{name}.shift": [1, 1, n]}

cases = {
    "transformer block": case([2, 3, 4], {
        **affine("1", 4), **square("a.q"), **square("a.k"), **square("a.v"), **square("a.o"), **affine("2", 4),
        "up.w": [1, 4, 6], "up.b": [1, 1, 6], "down.w": [1, 6, 4], "down.b": [1, 1, 4]}, transformer),
    "lstm": case([2, 4, 3], {"w": [3, 8], "r": [2, 8], "b": [1, 8]}, lstm),
    "gru": case([2, 4, 3], {"w": [3, 6], "r": [2, 6], "b": [1, 6], "c": [1, 2]}, gru),
    "residual block": case([2, 2, 4, 4], {
        "1.w": [3, 2, 3, 3], **norm("1.norm", 3), "2.w": [3, 3, 3, 3], **norm("2.norm", 3),
        "s.w": [3, 2, 1, 1], **norm("s.norm", 3)}, residual),
    "inverted block": case([2, 2, 3, 3], {
        "1.w": [4, 2, 1, 1], **norm("1.norm", 4), "2.w": [4, 1, 3, 3], **norm("2.norm", 4),
        "e.1.w": [4, 2], "e.1.b": [1, 2], "e.2.w": [2, 4], "e.2.b": [1, 4], "3.w": [2, 4, 1, 1], **norm("3.norm", 2)},
        inverted),
    "convnext block": case([2, 2, 3, 3], {
        "depth.w": [2, 1, 3, 3], "depth.b": [2], **affine("norm", 2), "up.w": [1, 2, 4], "up.b": [1, 1, 4],
        "down.w": [1, 4, 2], "down.b": [1, 1, 2], "scale": [1, 1, 2]}, convnext),
    "temporal block": case([2, 2, 5], {"1.w": [2, 2, 2], "1.b": [2], "2.w": [2, 2, 2], "2.b": [2]}, temporal),
    "graph convolution": case([1, 5, 2], {"w": [2, 3], "b": [1, 3]}, gcn),
    "graph attention": case([1, 5, 2], {"w": [2, 4], "source": [1, 4], "target": [1, 4], "b": [1, 4]}, gat),
    "GraphSAGE": case([1, 5, 2], {"own.w": [2, 2], "own.b": [1, 2], "from.w": [2, 2]}, sage),
    "graph isomorphism": case([1, 5, 2], {
        "epsilon": [1, 1], "1.w": [2, 2], "1.b": [1, 2], "2.w": [2, 2], "2.b": [1, 2]}, gin),
    "chebyshev": case([1, 5, 2], {"w": [6, 2], "b": [1, 2]}, chebyshev),
    "arma": case([1, 5, 2], {
        f"{s}.{n}": v for s in "01" for n, v in (
            ("first.w", [2, 2]), ("skip0.w", [2, 2]), ("skip0.b", [1, 2]), ("next", [2, 2]),
            ("skip1.w", [2, 2]), ("skip1.b", [1, 2]))}, arma),
}
json.dump({"origin": f"torch_values.py, PyTorch {torch.__version__}, float64", "cases": cases}, sys.stdout)
