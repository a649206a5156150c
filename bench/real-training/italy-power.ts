/** A temporal convolution on ItalyPowerDemand: 67 days of 24 hours to learn from, 1,029 to tell summer from winter. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Network, NetworkBuilder } from '#core/ir/network.ts';
import { temporalBlock } from '#core/layers/temporal.ts';
import { parseCsv } from '../lib/csv.ts';
import { reportTraining } from '../lib/published.ts';
import { accuracy, predictorOf, type Recipe, trainNetwork } from '../lib/train-network.ts';
import { keptWhere, trainingOptions } from '../lib/training-options.ts';

const LENGTH = 24;
const recipe: Recipe = { epochs: 400, batch: 16, rate: 2e-3, schedule: 'cosine', decay: 0.05, average: 0.99 };

function temporalNetwork(): Network {
  const net = new NetworkBuilder();
  const x = net.input('x', ['K', 'N', LENGTH]);
  let h = net.apply('reshape', [x], { shape: ['K', 'N', 1, LENGTH] });
  for (const dilation of [1, 2, 4])
    h = temporalBlock(net, `t${dilation}`, h, 32, { kernel: 3, dilation, dropout: 0.1 });
  const flat = net.apply('reshape', [h], { shape: ['K', 'N', 32 * LENGTH] });
  const pooled = net.apply('dropout', [flat], { rate: 0.3 });
  const w = net.parameter('w', ['K', 32 * LENGTH, 2], { kind: 'normal', deviation: Math.sqrt(1 / (32 * LENGTH)) });
  const b = net.parameter('b', ['K', 1, 2], { kind: 'constant', value: 0 }, { decay: 0 });
  const logits = net.apply('add', [net.apply('matmul', [pooled, w]), b]);
  net.output('loss', net.apply('cross-entropy', [logits, net.input('y', ['K', 'N', 2])], { smoothing: 0.1 }));
  net.output('scores', logits);
  return net.build();
}

function readSeries(path: string): { x: Float32Array; labels: number[] } {
  const { rows } = parseCsv(readFileSync(path, 'utf8'));
  return {
    x: Float32Array.from(rows.flatMap((r) => r.slice(0, LENGTH).map(Number))),
    labels: rows.map((r) => Number(r[LENGTH]) - 1),
  };
}

export async function run(args: string[]): Promise<void> {
  const options = trainingOptions(args, 10);
  const { seeds, quick } = options;
  const set = 'italypowerdemand';
  const folder = join(options.folder, 'timeseries_classification', set);
  const [train, test] = ['train', 'test'].map((part) => readSeries(join(folder, `${part}.csv`))) as [
    ReturnType<typeof readSeries>,
    ReturnType<typeof readSeries>,
  ];
  const shared = { network: temporalNetwork(), inputs: ['x'], members: seeds.length };
  const x = ({ x: data, labels }: typeof train) => ({ type: 'float32', dims: [labels.length, LENGTH], data }) as const;
  const rows = ({ labels }: typeof train) => Int32Array.from(labels, (_, i) => i);
  const y = { type: 'int64', dims: [train.labels.length], data: BigInt64Array.from(train.labels, BigInt) } as const;
  const { parameters, seconds } = await trainNetwork({
    ...shared,
    kinds: { x: 'rows', y: 'classes' },
    data: { x: x(train), y },
    rows: rows(train),
    seeds,
    recipe: quick ? { ...recipe, epochs: 40 } : recipe,
  });
  const predictor = await predictorOf({ ...shared, output: 'scores', data: { x: x(test) }, rows: rows(test) });
  const scores = await predictor.predict(parameters);
  const lines = seeds.map((seed, k) => ({
    set,
    system: 'temporal-convolution',
    seed,
    metric: 'accuracy',
    score: accuracy(scores[k]!, test.labels),
    seconds: seconds / seeds.length,
    error: null,
  }));
  const bars = [{ system: 'temporal-convolution', value: 0.961, from: 'FCN of Ismail Fawaz and others 2019' }];
  reportTraining(
    { name: 'italy-power', set, metric: 'accuracy', better: 'higher', lines, bars, folder },
    keptWhere(options),
  );
}
