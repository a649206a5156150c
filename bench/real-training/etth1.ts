/**
 * Forecasts of ETTh1, 96 hours ahead, every channel by itself with shared weights: a linear map of what lies above the last
 * value (Zeng and others 2023), and a transformer over patches (Nie and others 2023). The epoch is chosen on the
 * validation months.
 */
import { join } from 'node:path';
import { type Network, NetworkBuilder, type Value } from '#core/ir/network.ts';
import { learnedPositions, transformerBlock } from '#core/layers/transformer.ts';
import { reportTraining, type TrainingLine } from '../lib/published.ts';
import { predictorOf, type Recipe, trainNetwork } from '../lib/train-network.ts';
import { keptWhere, type TrainingOptions, trainingOptions } from '../lib/training-options.ts';
import { readSplitSeries, type SplitSeries, windowsOf } from '../lib/windows.ts';

const HORIZON = 96;

interface System {
  readonly past: number;
  readonly recipe: Recipe;
  readonly network: (past: number) => Network;
}

function map(net: NetworkBuilder, x: Value, inputs: number, deviation: number): Value {
  const w = net.parameter('w', ['K', inputs, HORIZON], { kind: 'normal', deviation });
  const b = net.parameter('b', ['K', 1, HORIZON], { kind: 'constant', value: 0 }, { decay: 0 });
  return net.apply('add', [net.apply('matmul', [x, w]), b]);
}

function finished(net: NetworkBuilder, forecast: Value): Network {
  const loss = net.apply('mse', [forecast, net.input('y', ['K', 'N', HORIZON])]);
  net.output('loss', net.apply('scale', [loss], { factor: 1 / HORIZON }));
  net.output('forecast', forecast);
  return net.build();
}

function linear(past: number): Network {
  const net = new NetworkBuilder();
  const x = net.input('x', ['K', 'N', past]);
  const last = net.apply('slice', [x], { axis: -1, start: past - 1, end: past });
  const forecast = net.apply('add', [map(net, net.apply('sub', [x, last]), past, 0.3 / past), last]);
  return finished(net, forecast);
}

/** Patches of 16 hours every 8, normalised per window, through three blocks of width 16. */
function patches(past: number): Network {
  const [patch, stride, width] = [16, 8, 16];
  const count = Math.floor((past - patch) / stride) + 1;
  const net = new NetworkBuilder();
  const x = net.input('x', ['K', 'N', past]);
  const mean = net.apply('reduce-mean', [x], { axes: [2] });
  const centred = net.apply('sub', [x, mean]);
  const variance = net.apply('reduce-mean', [net.apply('mul', [centred, centred])], { axes: [2] });
  const floor = net.apply('constant', [], { shape: [1, 1, 1], values: [1e-5] });
  const deviation = net.apply('sqrt', [net.apply('add', [variance, floor])]);
  const series = net.apply('reshape', [net.apply('div', [centred, deviation])], { shape: ['K', 'N', 1, past] });
  const filters = net.parameter('patch', ['K', width, 1, patch], { kind: 'normal', deviation: 0.25 });
  const cut = net.apply('conv', [series, filters], { strides: [stride] });
  let h = learnedPositions(net, 'positions', net.apply('transpose', [cut], { perm: [0, 1, 3, 2] }));
  for (const i of [1, 2, 3]) h = transformerBlock(net, `t${i}`, h, { heads: 4, hidden: 64, dropout: 0.2 });
  const flat = net.apply('reshape', [h], { shape: ['K', 'N', count * width] });
  const out = map(net, net.apply('dropout', [flat], { rate: 0.2 }), count * width, 0.01);
  return finished(net, net.apply('add', [net.apply('mul', [out, deviation]), mean]));
}

const forLinear: Recipe = { epochs: 6, batch: 448, rate: 2e-3, schedule: 'cosine' };
const forPatches: Recipe = { epochs: 6, batch: 448, rate: 1e-3, schedule: 'one-cycle', decay: 0.05, average: 0.99 };
const systems: Readonly<Record<string, System>> = {
  'linear-96': { past: 96, network: linear, recipe: forLinear },
  'linear-336': { past: 336, network: linear, recipe: forLinear },
  'patches-96': { past: 96, network: patches, recipe: forPatches },
};

const errorOf = (forecast: Float32Array, truth: Float32Array, of: (e: number) => number): number =>
  forecast.reduce((sum, f, i) => sum + of(f - truth[i]!), 0) / truth.length;

async function trainSystem(
  name: string,
  series: SplitSeries,
  seed: number,
  { quick }: TrainingOptions,
): Promise<TrainingLine> {
  const { past, recipe, network: make } = systems[name]!;
  const shared = { network: make(past), inputs: ['x'], members: 1 };
  const [train, val, test] = (['train', 'val', 'test'] as const).map((part) =>
    windowsOf(series, part, past, HORIZON),
  ) as [ReturnType<typeof windowsOf>, ReturnType<typeof windowsOf>, ReturnType<typeof windowsOf>];
  const rows = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i);
  const scorer = async ({ x, y, count }: typeof test) => {
    const predictor = await predictorOf({ ...shared, output: 'forecast', data: { x }, rows: rows(count), chunk: 1024 });
    return async (parameters: Float32Array) => {
      const [forecast] = await predictor.predict(parameters);
      const truth = y.data as Float32Array;
      return { mse: errorOf(forecast!, truth, (e) => e * e), mae: errorOf(forecast!, truth, Math.abs) };
    };
  };
  const [onVal, onTest] = [await scorer(val), await scorer(test)];
  const best = { val: Number.POSITIVE_INFINITY, test: { mse: 0, mae: 0 }, epoch: 0 };
  const { seconds } = await trainNetwork({
    ...shared,
    kinds: { x: 'rows', y: 'rows' },
    data: { x: train.x, y: train.y },
    rows: rows(train.count),
    seeds: [seed],
    recipe: quick ? { ...recipe, epochs: 1 } : recipe,
    onEpoch: async (epoch, loss, parametersOf) => {
      const parameters = await parametersOf();
      const { mse } = await onVal(parameters);
      if (mse < best.val) Object.assign(best, { val: mse, test: await onTest(parameters), epoch });
      console.error(
        `${name} seed ${seed} epoch ${epoch}: loss ${loss.toFixed(4)}, val ${mse.toFixed(4)}, ${JSON.stringify(best)}`,
      );
    },
  });
  const { mse, mae } = best.test;
  const scores = { mae_h96: mae, val: best.val, epoch: best.epoch };
  return { set: 'ETTh1', system: name, seed, metric: 'mse_h96', score: mse, scores, seconds, error: null };
}

export async function run(args: string[]): Promise<void> {
  const options = trainingOptions(args, 3);
  const folder = join(options.folder, 'timeseries', 'ETTh1');
  const series = readSplitSeries(folder, 'ETTh1.csv');
  const lines: TrainingLine[] = [];
  for (const name of options.systems ?? Object.keys(systems)) {
    for (const seed of options.seeds) lines.push(await trainSystem(name, series, seed, options));
  }
  const bars = [
    { system: 'linear-96', value: 0.3958, from: 'DLinear' },
    { system: 'patches-96', value: 0.3906, from: 'PatchTST' },
  ];
  const notes = ['Published figures of this table look back 96 hours; looking back 336 is ours alone here.'];
  reportTraining(
    { name: 'etth1', set: 'ETTh1', metric: 'mse_h96', better: 'lower', lines, bars, folder, notes },
    keptWhere(options),
  );
}
