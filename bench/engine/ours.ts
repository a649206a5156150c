/**
 * One timing of our training program in a process of its own: `node ours.ts MODEL FORM THREADS SECONDS` prints one JSON line. FORM is
 * `ours`, or `ours-portable` for what runs where the CPU has no blocked kernels (ARM, WebAssembly).
 */
import { blockSizeOf } from '#core/ops/blocked.ts';
import { compileProgram } from '#core/train/program.ts';
import { Trainer } from '#core/train/trainer.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { adam, startOf } from './model.ts';
import { benchModels } from './models.ts';

/** Steps of a call take about this long, so that a call costs nothing and noise shows. */
const CALL_MS = 300;

const [name = 'mlp', form = 'ours', threadCount = '1', seconds = '2'] = process.argv.slice(2);
const model = benchModels[name]!();
const { network, kinds, data, batch, rows } = model;
const threads = Number(threadCount);
const program = compileProgram({
  network,
  data: kinds,
  members: 1,
  batch,
  ...adam,
  decay: false,
  clipNorm: null,
  contrib: true,
  block: form === 'ours' ? await blockSizeOf(nodeRuntime) : null,
  threads,
});
const trainer = await Trainer.create(nodeRuntime, program, data, { ...adam, seed: 1 }, threads);
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
