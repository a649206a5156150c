import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import type { Runtime } from '../contracts/runtime.ts';
import { Random } from '../math/random.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { Emitter } from '../ops/emitter.ts';
import { programEngine } from '../train/engine.ts';
import type { Augmentation } from '../train/program.ts';
import { initialState } from '../train/state.ts';
import { classifier, classifierData } from '../train/testing/classifier.ts';
import { colour } from './colour.ts';
import { crop } from './crop.ts';
import { cutOut } from './cut-out.ts';
import { flip } from './flip.ts';
import { jitter } from './jitter.ts';
import { rescale } from './rescale.ts';
import { shift } from './shift.ts';

const range = (n: number) => Float32Array.from({ length: n }, (_, i) => i + 1);

/** `data` [1, N, ...] as the augmentation leaves it, row by row. */
async function augmented(
  change: Augmentation,
  dims: readonly number[],
  data: Float32Array,
  runtime: Runtime = nodeRuntime,
) {
  const shape = [1, ...dims];
  const graph = new GraphBuilder();
  graph.input('x', 'float32', shape);
  const random = new Random(5);
  const uniform = (of: readonly number[]): string =>
    graph.float32(
      Float32Array.from({ length: of.reduce((a, b) => a * b, 1) }, () => random.uniform()),
      of,
    );
  const e = new Emitter(graph, { mode: 'training', noise: { uniform, rateScale: null } });
  graph.output('out', 'float32', shape, change(e, 'x', shape));
  const session = await runtime.createSession(graph.toBytes());
  const { out } = await session.run({ x: { type: 'float32', dims: shape, data } });
  await session.dispose();
  const size = data.length / dims[0]!;
  return Array.from({ length: dims[0]! }, (_, i) => [
    ...(out!.data as Float32Array).subarray(i * size, (i + 1) * size),
  ]);
}

/** The same image for every row. */
const repeated = (rows: number, image: Float32Array) => {
  const all = new Float32Array(rows * image.length);
  for (let i = 0; i < rows; i++) all.set(image, i * image.length);
  return all;
};

describe.each([nodeRuntime, webRuntime])('augmentation on $name', (runtime) => {
  test('flips some rows and leaves the others', async () => {
    const rows = await augmented(flip(), [40, 2, 2, 3], repeated(40, range(12)), runtime);
    const [plain, turned] = [[...range(12)], [3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10]];
    const count = rows.filter((r) => `${r}` === `${turned}`).length;
    expect(count + rows.filter((r) => `${r}` === `${plain}`).length).toBe(40);
    expect(count).toBeGreaterThan(8);
    expect(count).toBeLessThan(32);
  });

  test('shifts by whole places with zeros from outside', async () => {
    const rows = await augmented(shift({ most: 2 }), [60, 1, 4, 4], repeated(60, range(16)), runtime);
    const seen = new Set<string>();
    for (const row of rows) {
      const first = row.findIndex((v) => v > 0);
      const [dy, dx] = [
        Math.floor((row[first]! - 1) / 4) - Math.floor(first / 4),
        ((row[first]! - 1) % 4) - (first % 4),
      ];
      seen.add(`${dy} ${dx}`);
      row.forEach((v, i) => {
        const [y, x] = [Math.floor(i / 4) + dy, (i % 4) + dx];
        expect(v).toBe(y >= 0 && y < 4 && x >= 0 && x < 4 ? y * 4 + x + 1 : 0);
      });
    }
    expect(seen.size).toBeGreaterThan(12);
  });
});

test('crops stretch a window of the row', async () => {
  const rows = await augmented(crop({ smallest: 0.5, axes: [-1] }), [50, 1, 20], repeated(50, range(20)));
  for (const row of rows) {
    const steps = row.slice(1).map((v, i) => v - row[i]!);
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...steps)).toBeLessThanOrEqual(1);
    expect(row.at(-1)! - row[0]!).toBeGreaterThanOrEqual(9);
  }
  expect(Math.min(...rows.map((r) => r[0]!))).toBeLessThan(3);
  expect(Math.max(...rows.map((r) => r.at(-1)!))).toBeGreaterThan(18);
  expect(new Set(rows.map((r) => r.join())).size).toBeGreaterThan(20);
});

test.each([[3], [4]])('cut-outs blank one square of %s places', async (side) => {
  const rows = await augmented(cutOut({ side }), [50, 2, 9, 9], repeated(50, range(162)));
  const areas = rows.map((row) => row.slice(0, 81).filter((v) => v === 0).length);
  rows.forEach((row, i) => {
    expect(row.slice(81).filter((v) => v === 0).length).toBe(areas[i]);
  });
  expect(Math.max(...areas)).toBe(side * side);
  expect(Math.min(...areas)).toBeGreaterThanOrEqual(Math.floor(side / 2) ** 2);
});

test('colours change within their bounds', async () => {
  const image = Float32Array.from({ length: 3 * 16 }, (_, i) => 0.2 + 0.01 * i);
  const only = { brightness: 0, contrast: 0, saturation: 0 };
  const mean = (x: readonly number[]) => x.reduce((a, b) => a + b, 0) / x.length;
  const bright = await augmented(colour({ ...only, brightness: 0.3 }), [30, 3, 4, 4], repeated(30, image));
  for (const row of bright) {
    const factor = row[0]! / image[0]!;
    expect(Math.abs(factor - 1)).toBeLessThan(0.3001);
    row.forEach((v, i) => {
      expect(v).toBeCloseTo(image[i]! * factor, 5);
    });
  }
  expect(new Set(bright.map((r) => r[0]!.toFixed(4))).size).toBeGreaterThan(20);
  const contrasted = await augmented(colour({ ...only, contrast: 0.3 }), [30, 3, 4, 4], repeated(30, image));
  for (const row of contrasted) expect(mean(row)).toBeCloseTo(mean([...image]), 5);
  const grey = await augmented(colour({ ...only, saturation: 0.3 }), [5, 3, 4, 4], repeated(5, image));
  for (const row of grey) expect(mean([row[0]!, row[16]!, row[32]!])).toBeCloseTo(0.36, 5);
  expect(contrasted[0]![0]).not.toBeCloseTo(image[0]!, 4);
});

test('series are scaled as a whole and jittered number by number', async () => {
  const series = range(200);
  const scaled = await augmented(rescale({ by: 0.2 }), [10, 200, 1], repeated(10, series));
  for (const row of scaled) {
    const factor = row[0]!;
    expect(Math.abs(factor - 1)).toBeLessThan(0.2001);
    row.forEach((v, i) => {
      expect(v / series[i]!).toBeCloseTo(factor, 5);
    });
  }
  const noisy = await augmented(jitter({ deviation: 0.5 }), [10, 200, 1], repeated(10, series));
  const noise = noisy.flatMap((row) => row.map((v, i) => v - series[i]!));
  const deviation = Math.sqrt(noise.reduce((s, v) => s + v * v, 0) / noise.length);
  expect(Math.abs(deviation / 0.5 - 1)).toBeLessThan(0.06);
});

test('a program augments anew at every step, and again alike with one seed', async () => {
  const adam = { beta1: 0.9, beta2: 0.95, epsilon: 1e-6 };
  const run = async (seed: number, change: readonly Augmentation[]) => {
    const spec = { ...adam, network: classifier(0), data: { x: 'rows', y: 'classes' } as const, members: 2, batch: 4 };
    const whole = { ...spec, decay: false, clipNorm: null, augment: { x: change } };
    const trainer = await programEngine(nodeRuntime).create(whole, classifierData, { ...adam, seed });
    const order = BigInt64Array.from({ length: 3 * 2 * 4 }, (_, i) => BigInt(i % 4));
    const { losses } = await trainer.advance(initialState(trainer.layout, [1, 1]), { order, learningRate: () => 0 });
    await trainer.dispose();
    return [...losses];
  };
  const plain = await run(1, []);
  const changed = await run(1, [rescale({ by: 0.5 }), jitter({ deviation: 0.2 })]);
  expect(new Set(plain).size).toBe(1);
  expect(new Set(changed).size).toBe(6);
  expect(await run(1, [rescale({ by: 0.5 }), jitter({ deviation: 0.2 })])).toEqual(changed);
  expect(await run(2, [rescale({ by: 0.5 }), jitter({ deviation: 0.2 })])).not.toEqual(changed);
});
