"""The bench models in PyTorch: NAME(p, b) gives the loss of parameters p on a batch b, both dictionaries of tensors.

Parameters carry our names. Weights of dense layers come as PyTorch keeps them, [outputs, inputs].
"""

import torch
import torch.nn.functional as F


def dense(p, name, x):
    return F.linear(x, p[f"{name}.w"], p[f"{name}.b"])


def mlp(p, b):
    h = b["x"]
    for layer in "12":
        h = F.relu(dense(p, layer, h))
    return F.cross_entropy(dense(p, "3", h), b["y"])


def cnn(p, b):
    h = b["x"]
    for layer in "ab":
        h = F.relu(F.max_pool2d(F.conv2d(h, p[f"{layer}.w"], p[f"{layer}.b"], padding=1), 2))
    return F.cross_entropy(dense(p, "d", F.relu(dense(p, "c", h.flatten(1)))), b["y"])


def depthwise(p, b):
    h = F.relu(F.conv2d(b["x"], p["a.w"], p["a.b"], padding=1, groups=32))
    h = F.relu(F.conv2d(h, p["b.w"], p["b.b"]))
    return F.cross_entropy(dense(p, "c", h.mean((2, 3))), b["y"])


def lstm(p, b):
    """p['lstm'] is a torch.nn.LSTM with our weights."""
    states, _ = p["lstm"](b["x"])
    return F.cross_entropy(dense(p, "head", states[:, -1]), b["y"])


def attention(p, b):
    x = b["x"]
    q, k, v = (F.linear(x, p[f"{name}.w"]) for name in "qkv")
    h = F.linear(F.scaled_dot_product_attention(q, k, v), p["o.w"]) + x
    h = F.layer_norm(h, (64,), p["norm.scale"], p["norm.shift"], 1e-5)
    return F.cross_entropy(dense(p, "head", h.mean(1)), b["y"])


def gcn(p, b):
    def arrived(h):
        sent = h[b["sources"]] * b["weights"]
        return torch.zeros(h.shape, dtype=h.dtype).index_add(0, b["targets"], sent)

    h = F.relu(arrived(F.linear(b["x"], p["1.w"])) + p["1.b"])
    h = arrived(F.linear(h, p["2.w"])) + p["2.b"]
    return F.cross_entropy(h[b["known"]], b["y"])


def norm(p, name, x):
    return F.batch_norm(x, None, None, p[f"{name}.scale"], p[f"{name}.shift"], training=True, eps=1e-5)


def block(p, name, x, stride=1, padding=1, activate=True):
    h = norm(p, f"{name}.norm", F.conv2d(x, p[f"{name}.w"], stride=stride, padding=padding))
    return F.relu(h) if activate else h


def residual(p, name, x, stride):
    h = block(p, f"{name}.2", block(p, f"{name}.1", x, stride), activate=False)
    short = x if stride == 1 else block(p, f"{name}.s", x, stride, 0, False)
    return F.relu(short + h)


def resnet8(p, b):
    h = block(p, "stem", b["x"])
    for name, stride in (("a", 1), ("b", 2), ("c", 2)):
        h = residual(p, name, h, stride)
    return F.cross_entropy(dense(p, "head", h.mean((2, 3))), b["y"])


def unet(p, b):
    def twice(name, x):
        return block(p, f"{name}.2", block(p, f"{name}.1", x))

    h, skips = b["x"], []
    for width in (16, 32, 64):
        h = twice(f"down{width}", h)
        skips.append(h)
        h = F.max_pool2d(h, 2)
    h = twice("deep", h)
    for width in (64, 32, 16):
        h = twice(f"up{width}", torch.cat([F.interpolate(h, scale_factor=2, mode="nearest"), skips.pop()], 1))
    return F.binary_cross_entropy_with_logits(F.conv2d(h, p["out.w"]).flatten(1), b["y"])


def transformer(p, name, x):
    rows, tokens, width = x.shape
    h = F.layer_norm(x, (width,), p[f"{name}.1.scale"], p[f"{name}.1.shift"], 1e-5)
    q, k, v = (F.linear(h, p[f"{name}.a.{part}"]).view(rows, tokens, 4, -1).transpose(1, 2) for part in "qkv")
    mixed = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(rows, tokens, width)
    x = x + F.linear(mixed, p[f"{name}.a.o"])
    h = F.layer_norm(x, (width,), p[f"{name}.2.scale"], p[f"{name}.2.shift"], 1e-5)
    gate, open_ = dense(p, f"{name}.up", h).chunk(2, -1)
    return x + dense(p, f"{name}.down", F.gelu(gate) * open_)


def vit(p, b):
    h = F.conv2d(b["x"], p["patch"], stride=4).flatten(2).transpose(1, 2) + p["positions"]
    for i in (1, 2, 3, 4):
        h = transformer(p, f"t{i}", h)
    return F.cross_entropy(dense(p, "head", h.mean(1)), b["y"])
