/** A small U-Net that finds cell nuclei in 160 pictures of 256x256, scored on 40 others by the overlap of all their nuclei. */
import { join } from 'node:path';
import type { Tensor } from '#core/contracts/runtime.ts';
import { unet } from '#core/networks/unet.ts';
import { type Images, readMaskedImages, tiles, type Warp, warped } from '../lib/images.ts';
import { reportTraining, type TrainingLine } from '../lib/published.ts';
import { predictorOf, type Recipe, trainNetwork } from '../lib/train-network.ts';
import { keptWhere, trainingOptions } from '../lib/training-options.ts';

const SET = 'dsb2018_nuclei_segmentation';
/** Training sees quarters of the pictures. */
const TILE = 128;
const WIDTHS = [12, 24, 48, 96];
const recipe: Recipe = { epochs: 1, batch: 16, rate: 4e-3, schedule: 'one-cycle', decay: 0.01, average: 0.98 };

/** Quarters as they are, mirrored both ways, turned, and turned and mirrored. */
const last = TILE - 1;
const warps: readonly Warp[] = [
  (x, y) => [x, y],
  (x, y) => [last - x, y],
  (x, y) => [x, last - y],
  (x, y) => [y, x],
  (x, y) => [last - y, last - x],
];

const rowsOf = ({ count }: Images): Int32Array => Int32Array.from({ length: count }, (_, i) => i);
const pictures = ({ count, channels, height, width, pixels }: Images): Tensor => ({
  type: 'float32',
  dims: [count, channels, height, width],
  data: pixels,
});

/** Dark pictures with bright nuclei and bright ones with dark nuclei: each minus its median, divided by its deviation. */
function standardised(images: Images): Images {
  const size = images.channels * images.height * images.width;
  const pixels = images.pixels.slice();
  for (let at = 0; at < pixels.length; at += size) {
    const one = pixels.subarray(at, at + size);
    const median = one.slice().sort()[size >> 1]!;
    const deviation = Math.sqrt(one.reduce((sum, v) => sum + (v - median) ** 2, 0) / size) + 1e-3;
    for (let i = 0; i < size; i++) one[i] = (one[i]! - median) / deviation;
  }
  return { ...images, pixels };
}

/** Intersection over union of the places that both masks mark, and Dice's coefficient, over all pictures together. */
function overlap(chances: Float32Array, truth: Float32Array): { iou: number; dice: number } {
  let [both, found, there] = [0, 0, 0];
  truth.forEach((t, i) => {
    const p = chances[i]! > 0.5 ? 1 : 0;
    both += p * t;
    found += p;
    there += t;
  });
  return { iou: both / (found + there - both), dice: (2 * both) / (found + there) };
}

export async function run(args: string[]): Promise<void> {
  const options = trainingOptions(args, 3);
  const folder = join(options.folder, 'image', SET);
  const [train, test] = await Promise.all(
    ['train', 'test'].map((part) => readMaskedImages(join(folder, `${part}.zip`))),
  );
  const copies = options.quick ? warps.slice(0, 1) : warps;
  const parts = tiles(standardised(train!.images), TILE);
  const x = warped(parts, copies);
  const y = warped(tiles(train!.masks, TILE), copies);
  const whole = standardised(test!.images);
  const network = unet({ channels: 1, size: [TILE, TILE], widths: WIDTHS });
  const onWhole = unet({ channels: 1, size: [whole.height, whole.width], widths: WIDTHS });
  const lines: TrainingLine[] = [];
  const shared = { inputs: ['x'], members: 1 };
  const predictor = await predictorOf({
    ...shared,
    network: onWhole,
    output: 'prediction',
    data: { x: pictures(whole) },
    rows: rowsOf(whole),
    chunk: 8,
  });
  for (const seed of options.seeds) {
    const { parameters, seconds } = await trainNetwork({
      ...shared,
      network,
      kinds: { x: 'rows', y: 'rows' },
      data: { x: pictures(x), y: { type: 'float32', dims: [y.count, TILE * TILE], data: y.pixels } },
      rows: rowsOf(x),
      statisticsRows: rowsOf(parts),
      seeds: [seed],
      recipe: options.quick ? { ...recipe, epochs: 1 } : recipe,
      onEpoch: async (epoch, loss) => console.error(`${SET} seed ${seed} epoch ${epoch}: loss ${loss.toFixed(4)}`),
    });
    const [chances] = await predictor.predict(parameters);
    const { iou, dice } = overlap(chances!, test!.masks.pixels);
    const line = { set: SET, system: 'u-net', seed, metric: 'iou', score: iou, scores: { dice }, seconds, error: null };
    console.error(JSON.stringify(line));
    lines.push(line);
  }
  await predictor.dispose();
  const bars = [{ system: 'u-net', value: 0.78, from: 'a small U-Net on a third of the pictures' }];
  const notes = [
    'Published networks have some 8 million parameters or more and train on all pictures, in part at 96x96.',
  ];
  reportTraining(
    { name: 'nuclei', set: SET, metric: 'iou', better: 'higher', lines, bars, folder, notes },
    keptWhere(options),
  );
}
