"""Trains LightGBM on arrays written by bench/boosting.ts and prints one JSON line.

usage: lightgbm_peer.py FOLDER SPEC   (SPEC: JSON with rows, numeric, codes, problem, classes, params, rounds)
Arrays are little-endian: numeric.f32 [numeric, rows], codes.i32 [codes, rows], target.f32, train.i32, test.i32.
Predictions go to predictions.f32, row-major [test rows, classes].
"""
import json
import sys
import time

import lightgbm
import numpy

folder, spec = sys.argv[1], json.loads(sys.argv[2])
rows = spec["rows"]


def read(name, kind, columns=None):
    flat = numpy.fromfile(f"{folder}/{name}", kind)
    return flat if columns is None else flat.reshape(columns, rows).T


numeric = read("numeric.f32", "<f4", spec["numeric"])
codes = read("codes.i32", "<i4", spec["codes"])
features = numpy.ascontiguousarray(numpy.hstack([numeric, codes.astype("<f4")]))
target = read("target.f32", "<f4")
train, test = read("train.i32", "<i4"), read("test.i32", "<i4")
categorical = list(range(spec["numeric"], spec["numeric"] + spec["codes"]))
params = {"num_threads": 1, "verbosity": -1, "seed": 0, **spec["params"]}
params["objective"] = {"regression": "regression", "binary": "binary", "multiclass": "multiclass"}[spec["problem"]]
if spec["problem"] == "multiclass":
    params["num_class"] = spec["classes"]

wall, cpu = time.perf_counter(), time.process_time()
data = lightgbm.Dataset(features[train], target[train], categorical_feature=categorical, params=params)
model = lightgbm.train(params, data, spec["rounds"])
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu

predictions = model.predict(features[test])
if spec["problem"] == "binary":
    predictions = numpy.stack([1 - predictions, predictions], 1)
predictions.astype("<f4").tofile(f"{folder}/predictions.f32")
print(json.dumps({"seconds": wall, "cpuSeconds": cpu, "version": lightgbm.__version__}))
