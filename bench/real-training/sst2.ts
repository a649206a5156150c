/**
 * A convolutional network over words (Kim 2014), beside the mean of the words, on the sentences of SST-2. A word's vector is
 * its own plus those of its parts (Bojanowski and others 2017), all learned from nothing. The epoch is chosen on the
 * development part.
 */
import { join } from 'node:path';
import { type Network, NetworkBuilder } from '#core/ir/network.ts';
import { dense } from '#core/layers/dense.ts';
import { embedding } from '#core/layers/embedding.ts';
import { lecun } from '#core/layers/init.ts';
import { wordConvolutions } from '#core/layers/text.ts';
import { classify } from '#core/networks/outputs.ts';
import { reportTraining, type TrainingLine } from '../lib/published.ts';
import { accuracy, predictorOf, type Recipe, trainNetwork } from '../lib/train-network.ts';
import { keptWhere, trainingOptions } from '../lib/training-options.ts';
import { numbered, numberedPieces, readLabelledText, vocabularyOf } from '../lib/words.ts';

const LENGTH = 56;
const WIDTH = 64;
const FILTERS = 100;
/** Parts of a word that are read, and rows of their table. */
const PIECES = 12;
const BUCKETS = 20_000;
/** The mean of a word's parts counts three times as much as one of them, the mean of the words eight times. */
const [PIECE_FACTOR, MEAN_FACTOR] = [3, 8];
const recipe: Recipe = { epochs: 6, batch: 50, rate: 2e-3, schedule: 'cosine', decay: 0.1, average: 0.99 };

function textNetwork(words: number): Network {
  const net = new NetworkBuilder();
  const start = { kind: 'normal', deviation: 0.1 } as const;
  const own = embedding(net, 'words', net.input('x', ['K', 'N', LENGTH], 'int64'), words, WIDTH, start);
  const pieces = net.input('pieces', ['K', 'N', LENGTH * PIECES], 'int64');
  const parts = net.apply('reshape', [embedding(net, 'pieces', pieces, BUCKETS, WIDTH, start)], {
    shape: ['K', 'N', LENGTH, PIECES, WIDTH],
  });
  const sum = net.apply('reshape', [net.apply('reduce-sum', [parts], { axes: [3] })], { shape: own.shape });
  const read = net.apply('add', [own, net.apply('scale', [sum], { factor: PIECE_FACTOR / PIECES })]);
  const embedded = net.apply('dropout', [read], { rate: 0.5 });
  const features = wordConvolutions(net, 'conv', embedded, { windows: [2, 3, 4], filters: FILTERS });
  const mean = net.apply('scale', [net.apply('reduce-mean', [read], { axes: [2] })], { factor: MEAN_FACTOR });
  const all = [features, net.apply('reshape', [mean], { shape: ['K', 'N', WIDTH] })];
  const joined = net.apply('dropout', [net.apply('concat', all, { axis: -1 })], { rate: 0.5 });
  classify(net, dense(net, 'head', joined, 2, { init: lecun }), { smoothing: 0.05 });
  return net.build();
}

export async function run(args: string[]): Promise<void> {
  const options = trainingOptions(args, 3);
  const folder = join(options.folder, 'text', 'sst2');
  const [train, dev, test] = ['train', 'dev', 'test'].map((part) => readLabelledText(join(folder, `${part}.csv`))) as [
    ReturnType<typeof readLabelledText>,
    ReturnType<typeof readLabelledText>,
    ReturnType<typeof readLabelledText>,
  ];
  const vocabulary = vocabularyOf(train.texts, 1);
  const network = textNetwork(vocabulary.size + 2);
  const classOf = (label: string): number => (label === 'positive' ? 1 : 0);
  const numbers = (width: number, rows: number, data: BigInt64Array) =>
    ({ type: 'int64', dims: [rows, width], data }) as const;
  const read = ({ texts }: typeof train) => ({
    x: numbers(LENGTH, texts.length, numbered(texts, vocabulary, LENGTH)),
    pieces: numbers(LENGTH * PIECES, texts.length, numberedPieces(texts, LENGTH, PIECES, BUCKETS)),
  });
  const rows = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i);
  const shared = { network, inputs: ['x', 'pieces'], members: 1 };
  const scorer = async (part: typeof dev) => {
    const predictor = await predictorOf({
      ...shared,
      output: 'logits',
      data: read(part),
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
      kinds: { x: 'rows', pieces: 'rows', y: 'classes' },
      data: {
        ...read(train),
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
