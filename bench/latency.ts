/**
 * How well the time of a network is foretold by the prices of its operators: prices and a correction are measured on some
 * designs of each image space, the error on others. `--calibrate 30 --unseen 50 --quick`
 */
import { parseArgs } from 'node:util';
import type { Runtime, Tensor } from '#core/contracts/runtime.ts';
import { fitLatency, predictLatency } from '#core/cost/latency-model.ts';
import { type Operation, operationsOf } from '#core/cost/operations.ts';
import { exportNetwork } from '#core/import/export-network.ts';
import { type Network, NetworkBuilder, networkCost } from '#core/ir/network.ts';
import { sizes } from '#core/ir/shape.ts';
import { nonNegativeLeastSquares } from '#core/math/least-squares.ts';
import { Random } from '#core/math/random.ts';
import { cell201 } from '#core/networks/cell-201.ts';
import { macro } from '#core/networks/macro.ts';
import { cell201Space } from '#core/spaces/cell-201.ts';
import { hashDesign } from '#core/spaces/identity.ts';
import { macroSpace } from '#core/spaces/macro.ts';
import { type Design, type Space, sampleDesign } from '#core/spaces/space.ts';
import { drawParameters } from '#core/train/state.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { keepResult } from './lib/machine.ts';
import { alignedTable, percent } from './lib/text.ts';

const image = { channels: 3, size: [32, 32] as const, classes: 10 };
/** The chain of NAS-Bench-Macro, a quarter as wide. */
const layers = [16, 16, 16, 32, 32, 32, 64, 64].map((width, i) => ({
  width,
  stride: i === 0 || i === 3 || i === 6 ? 2 : 1,
}));

const spaces: readonly { readonly name: string; readonly space: Space; readonly build: (design: Design) => Network }[] =
  [
    { name: 'cell-201', space: cell201Space, build: (design) => cell201(design, { ...image, width: 8, cells: 2 }) },
    {
      name: 'macro',
      space: macroSpace(layers.length),
      build: (design) => macro(design, { ...image, stem: 8, layers }),
    },
  ];

/** Runs until both are reached: a median of few runs of a short graph says little. */
const least = { runs: 15, milliseconds: 60 };

/** Median milliseconds of one run on one thread. */
async function timeOf(runtime: Runtime, network: Network, output: string): Promise<number> {
  const bytes = exportNetwork(network, drawParameters(network, 1), [output]).toBytes();
  const session = await runtime.createSession(bytes, { threads: 1 });
  const random = new Random(2);
  const feeds = Object.fromEntries(
    session.inputNames.map((name): [string, Tensor] => {
      const dims = sizes(network.inputs[name]!.shape.slice(1).map((size) => (typeof size === 'string' ? 1 : size)));
      const count = dims.reduce((a, b) => a * b, 1);
      return [name, { type: 'float32', dims, data: Float32Array.from({ length: count }, () => random.normal()) }];
    }),
  );
  for (let i = 0; i < 3; i++) await session.run(feeds);
  const times: number[] = [];
  for (let sum = 0; times.length < least.runs || sum < least.milliseconds; ) {
    const started = performance.now();
    await session.run(feeds);
    const took = performance.now() - started;
    times.push(took);
    sum += took;
  }
  await session.dispose();
  return times.sort((a, b) => a - b)[times.length >> 1]!;
}

/** What a run takes that computes nothing: every price but that of the first operator holds it too much. */
async function overhead(): Promise<number> {
  const net = new NetworkBuilder();
  net.output('y', net.apply('relu', [net.input('x', ['K', 1, 1])]));
  return timeOf(nodeRuntime, net.build(), 'y');
}

/** Different designs, so that none is foretold that the fit has seen. */
function drawDesigns(space: Space, count: number): Design[] {
  const random = new Random(11);
  const drawn = new Map<string, Design>();
  while (drawn.size < count) {
    const design = sampleDesign(space, random);
    drawn.set(hashDesign(space, design), design);
  }
  return [...drawn.values()];
}

const meanError = (pairs: readonly (readonly [foretold: number, measured: number])[]): number =>
  pairs.reduce((sum, [foretold, measured]) => sum + Math.abs(foretold / measured - 1), 0) / pairs.length;

/** Time as a straight line of multiply-accumulates, fitted like the model: what the prices must beat. */
function byMacs(networks: readonly Network[], times: readonly number[]): (network: Network) => number {
  const macsOf = (network: Network) => networkCost(network, { K: 1, N: 1 }).macs;
  const [fixed, each] = nonNegativeLeastSquares(
    networks.map((network, i) => [1 / times[i]!, macsOf(network) / times[i]!]),
    times.map(() => 1),
  );
  return (network) => fixed! + each! * macsOf(network);
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      calibrate: { type: 'string', default: '30' },
      unseen: { type: 'string', default: '50' },
      quick: { type: 'boolean', default: false },
    },
  });
  const calibrate = values.quick ? 8 : Number(values.calibrate);
  const unseen = values.quick ? 8 : Number(values.unseen);
  const kept: Record<string, unknown>[] = [];
  for (const { name, space, build } of spaces) {
    const networks = drawDesigns(space, calibrate + unseen).map(build);
    const operations = networks.map((network) => operationsOf(network, 1, ['prediction']));
    const prices = new Map<string, number>();
    const idle = await overhead();
    for (const { key, network } of operations.flat() as Operation[])
      if (!prices.has(key)) prices.set(key, Math.max(0, (await timeOf(nodeRuntime, network(), 'y')) - idle));
    const times: number[] = [];
    for (const network of networks) times.push(await timeOf(nodeRuntime, network, 'prediction'));
    const measured = operations.map((list, i) => ({ operations: list, milliseconds: times[i]! }));
    const model = fitLatency(prices, measured.slice(0, calibrate));
    const line = byMacs(networks.slice(0, calibrate), times.slice(0, calibrate));
    const rest = measured.slice(calibrate);
    const sum = { prices, fixed: 0, perPrice: 1, perOperator: 0 };
    const errorOf = (foretell: (i: number) => number) =>
      meanError(rest.map(({ milliseconds }, i) => [foretell(calibrate + i), milliseconds]));
    const result = {
      space: name,
      operators: prices.size,
      calibrated: calibrate,
      unseen: rest.length,
      medianMilliseconds: times.toSorted((a, b) => a - b)[times.length >> 1],
      error: errorOf((i) => predictLatency(model, operations[i]!)),
      ofSumAlone: errorOf((i) => predictLatency(sum, operations[i]!)),
      ofMacs: errorOf((i) => line(networks[i]!)),
    };
    console.log(JSON.stringify(result));
    kept.push(result);
  }
  const header = ['space', 'prices', 'median ms', 'error', 'sum alone', 'MACs alone'];
  const rows = kept.map((r) => [
    String(r.space),
    String(r.operators),
    Number(r.medianMilliseconds).toFixed(2),
    ...[r.error, r.ofSumAlone, r.ofMacs].map((share) => percent(Number(share), 1)),
  ]);
  console.log(`\n${alignedTable([header, ...rows], 'start')}`);
  if (!values.quick) keepResult('latency', kept);
}
