/** One timing of an engine in TypeScript, in a process of its own: `node time-training.ts MODEL SYSTEM THREADS SECONDS` prints one JSON line. */
import { programEngine, type TrainingEngine } from '#core/train/engine.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { loadTf } from '#workers/tfjs/load.ts';
import { tfjsEngine } from '#workers/tfjs/trainer.ts';
import { adam, startOf } from './model.ts';
import { benchModels } from './models.ts';

/** Steps of a call take about this long, so that a call costs nothing and noise shows. */
const CALL_MS = 300;

const [name = 'mlp', system = 'ours', threads = '1', seconds = '2'] = process.argv.slice(2);
const runtime = { ...nodeRuntime, threads: Number(threads) };
const engines: Readonly<Record<string, () => TrainingEngine | Promise<TrainingEngine>>> = {
  ours: () => programEngine(runtime),
  // What runs where there are no blocked kernels, timed on the same CPU.
  'ours-portable': () => programEngine({ ...runtime, provider: 'wasm' }),
  'tfjs-node': async () => tfjsEngine(await loadTf('node')),
};
const engine = await engines[system]!();
const model = benchModels[name]!();
const { network, kinds, data, batch, rows } = model;
const spec = { network, data: kinds, members: 1, batch, ...adam, decay: false, clipNorm: null };
const trainer = await engine.create(spec, data, { ...adam, seed: 1 });
const perPass = Math.floor(rows / batch);
let { state } = startOf(model);
let at = 0;

async function advance(steps: number): Promise<{ ms: number; cpuMs: number; losses: Float32Array }> {
  const order = BigInt64Array.from({ length: steps * batch }, (_, i) => {
    const step = (at + Math.floor(i / batch)) % perPass;
    return BigInt(step * batch + (i % batch));
  });
  at += steps;
  const [before, cpuBefore] = [performance.now(), process.cpuUsage()];
  const result = await trainer.advance(state, { order, learningRate: () => adam.rate });
  const cpu = process.cpuUsage(cpuBefore);
  state = result.state;
  const ms = (performance.now() - before) / steps;
  return { ms, cpuMs: (cpu.user + cpu.system) / 1000 / steps, losses: result.losses };
}

const first = await advance(2);
const warm = await advance(2);
const steps = Math.max(1, Math.min(400, Math.round(CALL_MS / warm.ms)));
let [best, bestCpu] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
const end = performance.now() + Number(seconds) * 1000;
while (performance.now() < end) {
  const { ms, cpuMs } = await advance(steps);
  best = Math.min(best, ms);
  bestCpu = Math.min(bestCpu, cpuMs);
}
await trainer.dispose();
console.log(JSON.stringify({ msPerStep: best, cpuMsPerStep: bestCpu, lossAfterOneUpdate: first.losses[1] }));
