/** One timing of our training program in a process of its own: `node ours.ts MODEL SECONDS` prints one JSON line. */
import { compileProgram } from '#core/train/program.ts';
import { initialState } from '#core/train/state.ts';
import { Trainer } from '#core/train/trainer.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { adam, benchData, benchModels } from './models.ts';

const [name = 'mlp', seconds = '2'] = process.argv.slice(2);
const model = benchModels[name]!();
const { x, y } = benchData(model);
const program = compileProgram({
  network: model.network,
  data: { x: 'rows', y: 'classes' },
  members: 1,
  batch: model.batch,
  ...adam,
  decay: false,
  clipNorm: null,
  contrib: true,
  threads: 1,
});
const data = {
  x: { type: 'float32', dims: [model.rows, model.width], data: x },
  y: { type: 'int64', dims: [model.rows], data: BigInt64Array.from(y, BigInt) },
} as const;
const trainer = await Trainer.create(nodeRuntime, program, data, { ...adam, seed: 1 });
const steps = Math.floor(model.rows / model.batch);
const order = BigInt64Array.from({ length: steps * model.batch }, (_, i) => BigInt(i));
const plan = { order, learningRate: () => adam.rate };
let state = initialState(program.layout, [1]);
const first = await trainer.advance(state, plan);
state = first.state;
let best = Number.POSITIVE_INFINITY;
let bestCpu = Number.POSITIVE_INFINITY;
const end = performance.now() + Number(seconds) * 1000;
while (performance.now() < end) {
  const before = performance.now();
  const cpuBefore = process.cpuUsage();
  state = (await trainer.advance(state, plan)).state;
  best = Math.min(best, (performance.now() - before) / steps);
  const cpu = process.cpuUsage(cpuBefore);
  bestCpu = Math.min(bestCpu, (cpu.user + cpu.system) / 1000 / steps);
}
await trainer.dispose();
console.log(JSON.stringify({ msPerStep: best, cpuMsPerStep: bestCpu, lossAfterOneUpdate: first.losses[1] }));
