"""One timing of the same training in PyTorch: torch_train.py FOLDER eager|fused|compile THREADS SECONDS prints one JSON line.

FOLDER holds spec.json, one file for each data tensor, and initial.bin (float32, all parameters in order).
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch

import torch_models

folder, kind, threads, seconds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
torch.set_num_threads(threads)
spec = json.loads((folder / "spec.json").read_text())
rows, batch = spec["rows"], spec["batch"]

NUMPY = {"float32": np.float32, "int64": np.int64}


def read(name, dtype, dims):
    return torch.from_numpy(np.fromfile(folder / f"{name}.bin", dtype=NUMPY[dtype]).reshape(dims).copy())


data = {t["name"]: (t["kind"], read(t["name"], t["type"], t["dims"])) for t in spec["data"]}
# What is the same at every step comes with a leading axis of size 1.
whole = {}
for name, (data_kind, tensor) in data.items():
    if data_kind == "whole":
        whole[name] = tensor[0].contiguous()
if spec["model"].startswith("gcn"):
    whole["y"] = whole["y"].argmax(1)


def leaf(entry, values):
    """Our layouts to PyTorch's: convolution weights as they are, dense weights turned, vectors flat."""
    name, shape = entry["name"], entry["shape"]
    t = values.reshape(shape)
    if name.endswith((".scale", ".shift", ".b")):
        t = t.flatten()
    elif name == "positions":
        t = t[0]
    elif len(shape) < 4:
        t = t.reshape(shape[-2:]).T
    return t.contiguous().clone()


def lstm_of(p):
    """Our gates are input, output, forget, candidate; PyTorch's input, forget, candidate, output. One bias is trained."""
    hidden, inputs = p["layer0.r"].shape[1], p["layer0.w"].shape[1]
    order = torch.cat([torch.arange(g * hidden, (g + 1) * hidden) for g in (0, 2, 3, 1)])
    module = torch.nn.LSTM(inputs, hidden, batch_first=True)
    with torch.no_grad():
        module.weight_ih_l0.copy_(p.pop("layer0.w")[order])
        module.weight_hh_l0.copy_(p.pop("layer0.r")[order])
        module.bias_ih_l0.copy_(p.pop("layer0.b")[order])
        module.bias_hh_l0.zero_()
    module.bias_hh_l0.requires_grad_(False)
    return module


flat = torch.from_numpy(np.fromfile(folder / "initial.bin", dtype=np.float32).copy())
p, at = {}, 0
for entry in spec["parameters"]:
    size = int(np.prod(entry["shape"]))
    if not entry["name"].endswith((".mean", ".variance")):
        p[entry["name"]] = leaf(entry, flat[at : at + size])
    at += size
if spec["model"] == "lstm":
    p["layer0"] = lstm_of(p)
trained = []
for value in p.values():
    if isinstance(value, torch.nn.Module):
        trained += [q for q in value.parameters() if q.requires_grad]
    else:
        trained.append(value.requires_grad_())
adam = spec["adam"]
options = {} if kind == "eager" else {"fused": True}
optimizer = torch.optim.Adam(
    trained, lr=adam["rate"], betas=(adam["beta1"], adam["beta2"]), eps=adam["epsilon"], **options
)
loss_of = getattr(torch_models, spec["model"].removesuffix("-dense"))
if kind == "compile":
    loss_of = torch.compile(loss_of)
per_pass, done = rows // batch, 0


def step():
    global done
    at = (done % per_pass) * batch
    done += 1
    b = {name: t[at : at + batch] for name, (data_kind, t) in data.items() if data_kind != "whole"} | whole
    loss = loss_of(p, b)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


step()
after_one = step().item()
for _ in range(2):
    step()
before = time.perf_counter()
step()
steps = max(1, min(400, round(0.3 / (time.perf_counter() - before))))
best = best_cpu = float("inf")
end = time.perf_counter() + seconds
while time.perf_counter() < end:
    before, cpu_before = time.perf_counter(), time.process_time()
    for _ in range(steps):
        step()
    best = min(best, (time.perf_counter() - before) / steps * 1000)
    best_cpu = min(best_cpu, (time.process_time() - cpu_before) / steps * 1000)
print(
    json.dumps(
        {"msPerStep": best, "cpuMsPerStep": best_cpu, "lossAfterOneUpdate": after_one, "version": torch.__version__}
    )
)
