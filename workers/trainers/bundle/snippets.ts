/** Programs that run the bundle's model on its golden rows as they are: Python, Node, browser. */

/** Needs `pip install onnxruntime numpy`. Prints predictions, and the largest difference from the expected ones. */
export const pythonSnippet = `"""Runs model.onnx on the golden rows. Needs: pip install onnxruntime numpy"""
import json
import os

import numpy as np
import onnxruntime as ort

here = os.path.dirname(os.path.abspath(__file__))
folder = os.path.dirname(here)

session = ort.InferenceSession(os.path.join(folder, "model.onnx"), providers=["CPUExecutionProvider"])
about = json.loads(session.get_modelmeta().custom_metadata_map["warmstart"])


def feeds(rows):
    """One tensor [N,1] per column; missing is NaN or the empty string."""
    tensors = {}
    for column in about["columns"]:
        values = [row.get(column["input"]) for row in rows]
        if column["tensor"] == "string":
            data = np.array(["" if v is None else str(v) for v in values], dtype=object)
        else:
            data = np.array([np.nan if v is None else float(v) for v in values], dtype=column["tensor"])
        tensors[column["input"]] = data.reshape(-1, 1)
    return tensors


with open(os.path.join(folder, "golden.jsonl"), encoding="utf-8") as lines:
    golden = [json.loads(line) for line in lines if line.strip()]

outputs = dict(zip([o.name for o in session.get_outputs()], session.run(None, feeds([g["inputs"] for g in golden]))))
if about["classes"]:
    expected = np.array([g["probabilities"] for g in golden])
    difference = np.abs(outputs["probabilities"] - expected).max()
    for label, shares in list(zip(outputs["label"], outputs["probabilities"]))[:5]:
        print(label, dict(zip(about["classes"], np.round(shares, 4).tolist())))
else:
    expected = np.array([g["value"] for g in golden])
    spread = max(expected.std(), 0.0025 * np.abs(expected).max()) or 1.0
    difference = np.abs(outputs["value"][:, 0] - expected).max() / spread
    for end in ("lower", "upper"):
        if "value_" + end in outputs:
            bounds = np.array([g[end] for g in golden])
            difference = max(difference, np.abs(outputs["value_" + end][:, 0] - bounds).max() / spread)
    names = [name for name in ("value", "value_lower", "value_upper") if name in outputs]
    for row in list(zip(*[outputs[name][:, 0].tolist() for name in names]))[:5]:
        print(dict(zip(names, row)))
print(f"max difference {difference:.2e} on {len(golden)} golden rows")
assert difference <= 1e-4, "this runtime disagrees with the trainer"
`;

/** Needs `npm install onnxruntime-node`. */
export const nodeSnippet = `// Runs model.onnx on the golden rows. Needs: npm install onnxruntime-node
import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-node';

const file = (name) => readFileSync(new URL('../' + name, import.meta.url));
const { columns, classes } = JSON.parse(file('schema.json'));
const golden = file('golden.jsonl').toString().split('\\n').filter(Boolean).map((line) => JSON.parse(line));

// One tensor [N,1] per column; missing is NaN or the empty string.
function feeds(rows) {
  const dims = [rows.length, 1];
  return Object.fromEntries(
    columns.map(({ input, tensor }) => {
      const values = rows.map((row) => row[input] ?? null);
      if (tensor === 'string') return [input, new ort.Tensor('string', values.map((v) => (v === null ? '' : String(v))), dims)];
      const numbers = values.map((v) => (v === null ? Number.NaN : Number(v)));
      return [input, new ort.Tensor(tensor, tensor === 'float64' ? Float64Array.from(numbers) : Float32Array.from(numbers), dims)];
    }),
  );
}

const session = await ort.InferenceSession.create(file('model.onnx'));
const outputs = await session.run(feeds(golden.map(({ inputs }) => inputs)));
const got = classes ? outputs.probabilities.data : outputs.value.data;
const expected = golden.flatMap((row) => (classes ? row.probabilities : [row.value]));
const mean = expected.reduce((sum, v) => sum + v, 0) / expected.length;
const spread = classes ? 1 : Math.max(Math.sqrt(expected.reduce((sum, v) => sum + (v - mean) ** 2, 0) / expected.length), 0.0025 * Math.max(...expected.map(Math.abs))) || 1;
let difference = expected.reduce((most, v, i) => Math.max(most, Math.abs(v - got[i]) / spread), 0);
const ends = ['lower', 'upper'].filter((end) => outputs['value_' + end]);
for (const end of ends)
  outputs['value_' + end].data.forEach((v, i) => (difference = Math.max(difference, Math.abs(v - golden[i][end]) / spread)));
console.log(classes ? outputs.label.data.slice(0, 5) : Array.from(got.slice(0, 5)));
for (const end of ends) console.log(end + ' bounds', Array.from(outputs['value_' + end].data.slice(0, 5)));
console.log(\`max difference \${difference.toExponential(2)} on \${golden.length} golden rows\`);
if (!(difference <= 1e-4)) throw new Error('this runtime disagrees with the trainer');
`;

/** Serve the folder over HTTP (for example \`npx serve\`) and open snippets/browser.html. \`?ort=URL\` picks another copy of onnxruntime-web. */
export const browserSnippet = `<!doctype html>
<!-- Runs model.onnx on the golden rows in this browser. Serve the unpacked folder over HTTP and open snippets/browser.html. -->
<html lang="en">
  <meta charset="utf-8" />
  <title>Model in the browser</title>
  <pre id="out">Loading …</pre>
  <script type="module">
    const query = new URLSearchParams(location.search);
    const ort = await import(query.get('ort') ?? 'https://cdn.jsdelivr.net/npm/onnxruntime-web@1.30.0/dist/ort.wasm.min.mjs');
    const say = (text) => (document.getElementById('out').textContent = text);
    try {
      const read = async (name) => {
        const reply = await fetch(new URL('../' + name, location.href));
        if (!reply.ok) throw new Error(name + ': HTTP ' + reply.status);
        return reply;
      };
      const { columns, classes } = await (await read('schema.json')).json();
      const golden = (await (await read('golden.jsonl')).text()).split('\\n').filter(Boolean).map((line) => JSON.parse(line));
      const dims = [golden.length, 1];
      const feeds = Object.fromEntries(
        columns.map(({ input, tensor }) => {
          const values = golden.map(({ inputs }) => inputs[input] ?? null);
          if (tensor === 'string') return [input, new ort.Tensor('string', values.map((v) => (v === null ? '' : String(v))), dims)];
          const numbers = values.map((v) => (v === null ? NaN : Number(v)));
          return [input, new ort.Tensor(tensor, tensor === 'float64' ? Float64Array.from(numbers) : Float32Array.from(numbers), dims)];
        }),
      );
      const session = await ort.InferenceSession.create(new Uint8Array(await (await read('model.onnx')).arrayBuffer()));
      const outputs = await session.run(feeds);
      const got = classes ? outputs.probabilities.data : outputs.value.data;
      const expected = golden.flatMap((row) => (classes ? row.probabilities : [row.value]));
      const mean = expected.reduce((sum, v) => sum + v, 0) / expected.length;
      const spread = classes ? 1 : Math.max(Math.sqrt(expected.reduce((sum, v) => sum + (v - mean) ** 2, 0) / expected.length), 0.0025 * Math.max(...expected.map(Math.abs))) || 1;
      let difference = expected.reduce((most, v, i) => Math.max(most, Math.abs(v - got[i]) / spread), 0);
      for (const end of ['lower', 'upper'].filter((name) => outputs['value_' + name]))
        outputs['value_' + end].data.forEach((v, i) => (difference = Math.max(difference, Math.abs(v - golden[i][end]) / spread)));
      say((difference <= 1e-4 ? 'agrees' : 'DISAGREES') + ': max difference ' + difference.toExponential(2) + ' on ' + golden.length + ' golden rows');
    } catch (error) {
      say('failed: ' + error.message);
    }
  </script>
</html>
`;
