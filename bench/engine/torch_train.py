"""One timing of the same training in PyTorch: torch_train.py FOLDER fused|default SECONDS prints one JSON line.

FOLDER holds spec.json, x.bin (float32), y.bin (int32) and initial.bin (float32, all parameters in order).
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

folder, kind, seconds = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
torch.set_num_threads(1)
spec = json.loads((folder / "spec.json").read_text())
rows, batch = spec["rows"], spec["batch"]
x = torch.from_numpy(np.fromfile(folder / "x.bin", dtype=np.float32).reshape(rows, spec["width"]).copy())
y = torch.from_numpy(np.fromfile(folder / "y.bin", dtype=np.int32).copy()).long()
flat = torch.from_numpy(np.fromfile(folder / "initial.bin", dtype=np.float32).copy())
layers, at, inputs = [], 0, spec["width"]
for units in spec["units"]:
    linear = torch.nn.Linear(inputs, units)
    with torch.no_grad():
        linear.weight.copy_(flat[at : at + inputs * units].reshape(inputs, units).T)
        linear.bias.copy_(flat[at + inputs * units : at + inputs * units + units])
    at += inputs * units + units
    layers += [linear, torch.nn.ReLU()]
    inputs = units
model = torch.nn.Sequential(*layers[:-1])
adam = spec["adam"]
options = {"fused": True} if kind == "fused" else {}
optimizer = torch.optim.Adam(
    model.parameters(), lr=adam["rate"], betas=(adam["beta1"], adam["beta2"]), eps=adam["epsilon"], **options
)
steps = rows // batch


def step(i):
    loss = F.cross_entropy(model(x[i * batch : (i + 1) * batch]), y[i * batch : (i + 1) * batch])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


step(0)
after_one = step(1).item()
for i in range(2, steps):
    step(i)
best = best_cpu = float("inf")
end = time.perf_counter() + seconds
while time.perf_counter() < end:
    before, cpu_before = time.perf_counter(), time.process_time()
    for i in range(steps):
        step(i)
    best = min(best, (time.perf_counter() - before) / steps * 1000)
    best_cpu = min(best_cpu, (time.process_time() - cpu_before) / steps * 1000)
print(json.dumps({"msPerStep": best, "cpuMsPerStep": best_cpu, "lossAfterOneUpdate": after_one, "version": torch.__version__}))
