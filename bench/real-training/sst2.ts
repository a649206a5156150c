/**
 * A convolutional network over words (Kim 2014), beside the mean of the words, with embeddings learned from nothing, on the
 * sentences of SST-2. The epoch is chosen on the development part.
 */
import { join } from 'node:path';
import { type Network, NetworkBuilder } from '#core/ir/network.ts';
import { dense } from '#core/layers/dense.ts';
import { he, lecun, zeros } from '#core/layers/init.ts';
import { classify } from '#core/networks/outputs.ts';
import { reportTraining, type TrainingLine } from '../lib/published.ts';
import { accuracy, predictorOf, type Recipe, trainNetwork } from '../lib/train-network.ts';
import { keptWhere, trainingOptions } from '../lib/training-options.ts';
import { numbered, readLabelledText, vocabularyOf } from '../lib/words.ts';

const LENGTH = 56;
const WIDTH = 64;
const FILTERS = 64;
/** The mean of the words is small beside the largest responses of filters. */
const MEAN_FACTOR = 8;
const recipe: Recipe = { epochs: 5, batch: 50, rate: 2e-3, schedule: 'cosine', decay: 0.1, average: 0.99 };

function textNetwork(words: number): Network {
  const net = new NetworkBuilder();
  const table = net.parameter('table', ['K', words, WIDTH], { kind: 'normal', deviation: 0.1 });
  const read = net.apply('gather', [table, net.input('x', ['K', 'N', LENGTH], 'int64')]);
  const embedded = net.apply('dropout', [read], { rate: 0.3 });
  const series = net.apply('transpose', [embedded], { perm: [0, 1, 3, 2] });
  const features = [2, 3, 4].map((kernel) => {
    const w = net.parameter(`w${kernel}`, ['K', FILTERS, WIDTH, kernel], he(kernel * WIDTH, FILTERS));
    const b = net.parameter(`b${kernel}`, ['K', FILTERS], zeros, { decay: 0 });
    const convolved = net.apply('conv', [series, w, b]);
    const largest = net.apply('max-pool', [convolved], { kernel: [LENGTH - kernel + 1] });
    return net.apply('reshape', [net.apply('relu', [largest])], { shape: ['K', 'N', FILTERS] });
  });
  const mean = net.apply('scale', [net.apply('reduce-mean', [read], { axes: [2] })], { factor: MEAN_FACTOR });
  const all = [...features, net.apply('reshape', [mean], { shape: ['K', 'N', WIDTH] })];
  const joined = net.apply('dropout', [net.apply('concat', all, { axis: -1 })], { rate: 0.5 });
  classify(net, dense(net, 'head', joined, 2, { init: lecun }), { smoothing: 0.05 });
  return net.build();
}

export async function run(args: string[]): Promise<void> {
  const options = trainingOptions(args, 5);
  const folder = join(options.folder, 'text', 'sst2');
  const [train, dev, test] = ['train', 'dev', 'test'].map((part) => readLabelledText(join(folder, `${part}.csv`))) as [
    ReturnType<typeof readLabelledText>,
    ReturnType<typeof readLabelledText>,
    ReturnType<typeof readLabelledText>,
  ];
  const vocabulary = vocabularyOf(train.texts, 1);
  const network = textNetwork(vocabulary.size + 2);
  const classOf = (label: string): number => (label === 'positive' ? 1 : 0);
  const x = (texts: readonly string[]) =>
    ({ type: 'int64', dims: [texts.length, LENGTH], data: numbered(texts, vocabulary, LENGTH) }) as const;
  const rows = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i);
  const shared = { network, inputs: ['x'], members: 1 };
  const scorer = async (part: typeof dev) => {
    const predictor = await predictorOf({
      ...shared,
      output: 'logits',
      data: { x: x(part.texts) },
      rows: rows(part.texts.length),
    });
    const labels = part.labels.map(classOf);
    return async (parameters: Float32Array) => accuracy((await predictor.predict(parameters))[0]!, labels);
  };
  const [onDev, onTest] = [await scorer(dev), await scorer(test)];
  const lines: TrainingLine[] = [];
  for (const seed of options.seeds) {
    const best = { dev: 0, test: 0, epoch: 0 };
    const { seconds } = await trainNetwork({
      ...shared,
      kinds: { x: 'rows', y: 'classes' },
      data: {
        x: x(train.texts),
        y: {
          type: 'int64',
          dims: [train.labels.length],
          data: BigInt64Array.from(train.labels, (l) => BigInt(classOf(l))),
        },
      },
      rows: rows(train.texts.length),
      seeds: [seed],
      recipe: options.quick ? { ...recipe, epochs: 2 } : recipe,
      onEpoch: async (epoch, loss, parametersOf) => {
        const parameters = await parametersOf();
        const valid = await onDev(parameters);
        if (valid > best.dev) Object.assign(best, { dev: valid, test: await onTest(parameters), epoch });
        console.error(
          `sst2 seed ${seed} epoch ${epoch}: loss ${loss.toFixed(4)}, dev ${valid.toFixed(4)}, best ${JSON.stringify(best)}`,
        );
      },
    });
    lines.push({
      set: 'sst2',
      system: 'text-cnn',
      seed,
      metric: 'accuracy',
      score: best.test,
      scores: { dev: best.dev, epoch: best.epoch },
      seconds,
      error: null,
    });
  }
  const bars = [{ system: 'text-cnn', value: 0.8122, from: 'TF-IDF and logistic regression on these files' }];
  const notes = [
    'Published networks train on all phrases of the treebank too, some on word vectors; these files hold sentences only.',
  ];
  reportTraining(
    { name: 'sst2', set: 'sst2', metric: 'accuracy', better: 'higher', lines, bars, folder, notes },
    keptWhere(options),
  );
}
