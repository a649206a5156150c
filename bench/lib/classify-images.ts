/** Trains a small convolutional network on a set of images with a folder a class, and scores its test part. */
import { join } from 'node:path';
import { type Network, NetworkBuilder, type Value } from '#core/ir/network.ts';
import { dense } from '#core/layers/dense.ts';
import { convBlock } from '#core/layers/image.ts';
import { classify } from '#core/networks/outputs.ts';
import { type ClassedImages, readClassedImages, type Warp, warped } from './images.ts';
import { type Bar, reportTraining, type TrainingLine } from './published.ts';
import { accuracy, predictorOf, type Recipe, trainNetwork } from './train-network.ts';
import { keptWhere, type TrainingOptions } from './training-options.ts';

export interface ImageBench {
  readonly name: string;
  readonly set: string;
  /** Copies of every training image; the first is the image itself. */
  readonly warps: readonly Warp[];
  readonly recipe: Recipe;
  readonly bar: Bar;
  readonly notes: readonly string[];
}

/** Two blocks of two convolutions, each halved by pooling, then two dense layers with dropout between. */
function classifier({ channels, height, width, classes }: ClassedImages): Network {
  const net = new NetworkBuilder();
  const pooled = (x: Value): Value => net.apply('max-pool', [x], { kernel: [2, 2] });
  let h = net.input('x', ['K', 'N', channels, height, width]);
  h = pooled(convBlock(net, 'a2', convBlock(net, 'a1', h, 16), 32));
  h = pooled(convBlock(net, 'b2', convBlock(net, 'b1', h, 32), 64));
  const inputs = (64 * height * width) / 16;
  const flat = net.apply('reshape', [h], { shape: ['K', 'N', inputs] });
  const hidden = net.apply('relu', [dense(net, 'c', flat, 128)]);
  classify(net, dense(net, 'd', net.apply('dropout', [hidden], { rate: 0.5 }), classes.length), { smoothing: 0.1 });
  return net.build();
}

export async function trainImageClassifier(bench: ImageBench, options: TrainingOptions): Promise<void> {
  const { name, set, warps, recipe, bar } = bench;
  const folder = join(options.folder, 'image', set);
  const [train, test] = await Promise.all(
    ['train', 'test'].map((part) => readClassedImages(join(folder, `${part}.zip`))),
  );
  const copies = warped(train!, options.quick ? warps.slice(0, 1) : warps);
  const labels = Array.from({ length: copies.count }, (_, i) => BigInt(train!.labels[i % train!.count]!));
  const network = classifier(train!);
  const tensor = (images: { count: number; pixels: Float32Array }) => {
    const { channels, height, width } = train!;
    return { type: 'float32', dims: [images.count, channels, height, width], data: images.pixels } as const;
  };
  const rows = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i);
  const lines: TrainingLine[] = [];
  for (const seed of options.seeds) {
    const data = {
      x: tensor(copies),
      y: { type: 'int64', dims: [copies.count], data: BigInt64Array.from(labels) },
    } as const;
    const shared = { network, inputs: ['x'], members: 1 };
    const predictor = await predictorOf({
      ...shared,
      output: 'logits',
      data: { x: tensor(test!) },
      rows: rows(test!.count),
    });
    const score = async (parameters: Float32Array): Promise<number> =>
      accuracy((await predictor.predict(parameters))[0]!, test!.labels);
    const { parameters, seconds } = await trainNetwork({
      ...shared,
      kinds: { x: 'rows', y: 'classes' },
      data,
      rows: rows(copies.count),
      seeds: [seed],
      recipe: options.quick ? { ...recipe, epochs: 1 } : recipe,
      onEpoch: async (epoch, loss) => console.error(`${set} seed ${seed} epoch ${epoch}: loss ${loss.toFixed(4)}`),
    });
    const line = { set, system: 'cnn', seed, metric: 'accuracy', score: await score(parameters), seconds, error: null };
    console.error(JSON.stringify(line));
    lines.push(line);
    await predictor.dispose();
  }
  const { notes } = bench;
  reportTraining(
    { name, set, metric: 'accuracy', better: 'higher', lines, bars: [bar], folder, notes },
    keptWhere(options),
  );
}
