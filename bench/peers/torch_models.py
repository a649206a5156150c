"""The bench models in PyTorch: NAME(p, b) gives the loss of parameters p on a batch b, both dictionaries of tensors.

Parameters carry our names. Weights of dense layers come as PyTorch keeps them, [outputs, inputs].
"""

import torch
import torch.nn.functional as F


def dense(p, name, x):
    return F.linear(x, p[f"{name}.w"], p[f"{name}.b"])


def mlp(p, b):
    h = b["x"]
    for layer in ("hidden0", "hidden1"):
        h = F.relu(dense(p, layer, h))
    return F.cross_entropy(dense(p, "head", h), b["y"])


def cnn(p, b):
    h = b["x"]
    for layer in ("conv0", "conv1"):
        h = F.relu(F.max_pool2d(F.conv2d(h, p[f"{layer}.w"], p[f"{layer}.b"], padding=1), 2))
    return F.cross_entropy(dense(p, "head", F.relu(dense(p, "hidden", h.flatten(1)))), b["y"])


def depthwise(p, b):
    h = F.relu(F.conv2d(b["x"], p["depth0.w"], p["depth0.b"], padding=1, groups=32))
    h = F.relu(F.conv2d(h, p["point0.w"], p["point0.b"]))
    return F.cross_entropy(dense(p, "head", h.mean((2, 3))), b["y"])


def lstm(p, b):
    """p['layer0'] is a torch.nn.LSTM with our weights."""
    states, _ = p["layer0"](b["x"])
    return F.cross_entropy(dense(p, "head", states[:, -1]), b["y"])


def attention(p, b):
    x = b["x"]
    q, k, v = (F.linear(x, p[f"attention.{name}.w"]) for name in "qkv")
    h = F.linear(F.scaled_dot_product_attention(q, k, v), p["attention.o.w"]) + x
    h = layer_norm(p, "norm", h)
    return F.cross_entropy(dense(p, "head", h.mean(1)), b["y"])


def gcn(p, b):
    def layer(name, h):
        sent = F.linear(h, p[f"{name}.w"])[b["sources"]] * b["weights"]
        shape = (b["x"].shape[0], sent.shape[1])
        return torch.zeros(shape, dtype=sent.dtype).index_add(0, b["targets"], sent) + p[f"{name}.b"]

    h = layer("layer1", F.relu(layer("layer0", b["x"])))
    return (F.cross_entropy(h, b["y"], reduction="none") * b["weight"].flatten()).mean()


def layer_norm(p, name, x):
    return F.layer_norm(x, x.shape[-1:], p[f"{name}.scale"], p[f"{name}.shift"], 1e-5)


def block(p, name, x, stride=1, padding=1, activate=True):
    h = F.conv2d(x, p[f"{name}.w"], stride=stride, padding=padding)
    h = F.batch_norm(h, None, None, p[f"{name}.norm.scale"], p[f"{name}.norm.shift"], training=True, eps=1e-5)
    return F.relu(h) if activate else h


def residual(p, name, x, stride):
    h = block(p, f"{name}.2", block(p, f"{name}.1", x, stride), activate=False)
    short = x if stride == 1 else block(p, f"{name}.s", x, stride, 0, False)
    return F.relu(short + h)


def resnet8(p, b):
    h = block(p, "stem", b["x"])
    for name, stride in (("block00", 1), ("block10", 2), ("block20", 2)):
        h = residual(p, name, h, stride)
    return F.cross_entropy(dense(p, "head", h.mean((2, 3))), b["y"])


def unet(p, b):
    def twice(name, x):
        return block(p, f"{name}.2", block(p, f"{name}.1", x))

    h, skips = b["x"], []
    for level in range(4):
        h = twice(f"down{level}", F.max_pool2d(h, 2) if level else h)
        skips.append(h)
    for level in (2, 1, 0):
        h = twice(f"up{level}", torch.cat([F.interpolate(h, scale_factor=2, mode="nearest"), skips[level]], 1))
    logits, y = F.conv2d(h, p["head.w"], p["head.b"]).flatten(1), b["y"]
    chance = logits.sigmoid()
    overlap = (2 * (chance * y).sum(1) + 1) / (chance.sum(1) + y.sum(1) + 1)
    return F.binary_cross_entropy_with_logits(logits, y) + (1 - overlap).mean()


def transformer(p, name, x):
    rows, tokens, width = x.shape
    h = layer_norm(p, f"{name}.1", x)
    q, k, v = (dense(p, f"{name}.a.{part}", h).view(rows, tokens, 4, -1).transpose(1, 2) for part in "qkv")
    mixed = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(rows, tokens, width)
    x = x + dense(p, f"{name}.a.o", mixed)
    return x + dense(p, f"{name}.down", F.gelu(dense(p, f"{name}.up", layer_norm(p, f"{name}.2", x))))


def vit(p, b):
    h = F.conv2d(b["x"], p["patch.w"], p["patch.b"], stride=4).flatten(2).transpose(1, 2) + p["positions"]
    for i in range(4):
        h = transformer(p, f"block{i}", h)
    return F.cross_entropy(dense(p, "head", layer_norm(p, "norm", h.mean(1))), b["y"])
