import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import type { Features } from '../contracts/learner.ts';
import { evaluatePiecewise } from '../math/piecewise.ts';
import { Random } from '../math/random.ts';
import { wilsonInterval } from '../metrics/proportion.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { emitPiecewise } from '../onnx/piecewise.ts';
import type { NumberTarget } from '../tasks/target.ts';
import { intervalCoverage, setCoverage, setSizes } from './coverage.ts';
import { predictDifficulty } from './difficulty.ts';
import { emitInterval } from './emit.ts';
import { boundsOf, fitInterval, type IntervalInput } from './interval.ts';
import { conformalQuantile } from './quantile.ts';
import { fitSetThreshold } from './sets.ts';

const context = { runtime: nodeRuntime, seed: 1, cancelled: () => false, breathe: async () => undefined };
const target: NumberTarget = { problem: 'regression', mean: 100, deviation: 20, low: -500, high: 900, log: null };

/** Rows whose noise is `noise(x, z)` around a prediction z that is right on average. */
function rowsOf(rows: number, noise: (x: number, z: number) => number, seed: number) {
  const random = new Random(seed);
  const x = Float32Array.from({ length: rows }, () => random.uniform());
  const predictions = Float32Array.from({ length: rows }, () => random.normal());
  const targets = Float64Array.from(predictions, (z, i) => 100 + 20 * (z + noise(x[i]!, z) * random.normal()));
  const features: Features = {
    rows,
    numericNames: ['x', 'other'],
    numeric: Float32Array.from([...x, ...Array.from(x, () => random.normal())]),
    categoricalNames: [],
    cardinalities: [],
    codes: new Int32Array(0),
  };
  return { features, predictions, targets };
}

function inputOf(data: ReturnType<typeof rowsOf>, cells = 1e6): IntervalInput {
  const { features, predictions, targets } = data;
  const all = Int32Array.from({ length: features.rows }, (_, i) => i);
  const folds = [0, 1, 2, 3, 4].map((k) => ({
    train: all.filter((i) => i % 5 !== k),
    valid: all.filter((i) => i % 5 === k),
  }));
  return {
    features,
    target,
    folds: { kind: 'random', folds },
    rows: all,
    targets,
    predictions,
    level: 0.9,
    cells,
    context,
  };
}

describe('the conformal quantile', () => {
  it('takes the corrected rank and has none where rows are too few', () => {
    const nine = Float64Array.from([9, 1, 8, 2, 7, 3, 6, 4, 5]);
    expect(conformalQuantile(nine, 0.9)).toBe(9);
    expect(conformalQuantile(nine, 0.5)).toBe(5);
    expect(conformalQuantile(nine.subarray(1), 0.9)).toBe(Number.POSITIVE_INFINITY);
  });

  it('holds at least the level of exchangeable scores', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 19, maxLength: 60 }), (scores) => {
        // Each score against the others: the share that is within must be the level or more, up to one rank.
        const inside = scores.filter((score, i) => {
          const others = Float64Array.from(scores.filter((_, j) => j !== i));
          return score <= conformalQuantile(others, 0.9);
        });
        expect(inside.length / scores.length).toBeGreaterThanOrEqual(0.9 - 1e-9);
      }),
    );
  });
});

describe('intervals', () => {
  it.each([
    ['even', () => 0.5],
    ['by_value', (_: number, z: number) => (z > 0 ? 1 : 0.05)],
    ['by_row', (x: number) => (x > 0.5 ? 1 : 0.05)],
  ] as const)('are %s where the noise is, and hold nine of ten new rows', async (method, noise) => {
    const plan = (await fitInterval(inputOf(rowsOf(1500, noise, 3))))!;
    expect(plan.method).toBe(method);
    const fresh = rowsOf(3000, noise, 4);
    const factors = plan.difficulty && (await predictDifficulty(plan.difficulty, fresh.features, nodeRuntime));
    const { lower, upper } = boundsOf(plan, target, fresh.predictions, factors);
    const { value } = intervalCoverage(fresh.targets, lower, upper);
    expect(value).toBeGreaterThan(0.87);
    expect(value).toBeLessThan(0.93);
    if (method !== 'even') {
      const widths = Array.from(lower, (low, i) => upper[i]! - low);
      const easy = widths.filter((_, i) => noise(fresh.features.numeric[i]!, fresh.predictions[i]!) < 0.5);
      expect(easy.reduce((sum, w) => sum + w, 0) / easy.length).toBeLessThan(20);
    }
  });

  it('come out of the graph as computed here', async () => {
    const data = rowsOf(1200, (x) => (x > 0.5 ? 1 : 0.05), 5);
    const plan = (await fitInterval(inputOf(data)))!;
    const graph = new GraphBuilder('bounds');
    const numeric = graph.input('numeric', 'float32', ['N', 2]);
    const mean = graph.input('mean', 'float32', ['N', 1]);
    const codes = graph.constant({ type: 'int64', dims: [0, 0], data: new BigInt64Array(0) });
    const scaled = graph.node('Add', [graph.node('Mul', [mean, graph.float32(20)]), graph.float32(100)]);
    const bounds = emitInterval(graph, plan, target, mean, scaled, { numeric, codes }, data.features);
    graph.output('lower', 'float32', ['N', 1], bounds.lower);
    graph.output('upper', 'float32', ['N', 1], bounds.upper);
    const session = await nodeRuntime.createSession(graph.toBytes());
    const n = data.features.rows;
    const rowMajor = Float32Array.from({ length: 2 * n }, (_, i) => data.features.numeric[(i % 2) * n + (i >> 1)]!);
    const outputs = await session.run({
      numeric: { type: 'float32', dims: [n, 2], data: rowMajor },
      mean: { type: 'float32', dims: [n, 1], data: data.predictions },
    });
    await session.dispose();
    const factors = await predictDifficulty(plan.difficulty!, data.features, nodeRuntime);
    const { lower, upper } = boundsOf(plan, target, data.predictions, factors);
    for (let i = 0; i < n; i++) {
      expect(Math.abs((outputs.lower!.data as Float32Array)[i]! - lower[i]!)).toBeLessThan(1e-3);
      expect(Math.abs((outputs.upper!.data as Float32Array)[i]! - upper[i]!)).toBeLessThan(1e-3);
    }
  });

  it('hold the value, are none on few rows, and are one number where predictions are perfect', async () => {
    const { predictions, features } = rowsOf(200, () => 0, 6);
    const skewed = Float64Array.from(predictions, (z) => 100 + 20 * z + 30);
    const plan = (await fitInterval(inputOf({ features, predictions, targets: skewed })))!;
    expect(plan.below).toBe(0);
    expect(await fitInterval(inputOf(rowsOf(15, () => 1, 7)))).toBeNull();
    const exact = Float64Array.from(predictions, (z) => 100 + 20 * z);
    const perfect = (await fitInterval(inputOf({ features, predictions, targets: exact })))!;
    const { lower, upper } = boundsOf(perfect, target, predictions, null);
    expect(intervalCoverage(exact, lower, upper).value).toBeGreaterThan(0.8);
  });
});

describe('prediction sets', () => {
  it('hold the class as often as asked for, and leave doubtful rows without an answer', () => {
    const random = new Random(8);
    const draw = (rows: number) => {
      const probabilities = new Float32Array(3 * rows);
      const targets = Float64Array.from({ length: rows }, (_, i) => {
        const shares = [random.uniform() ** 4, random.uniform() ** 4, random.uniform() ** 4];
        const sum = shares[0]! + shares[1]! + shares[2]!;
        shares.forEach((share, c) => {
          probabilities[3 * i + c] = share / sum;
        });
        const pick = random.uniform() * sum;
        return pick < shares[0]! ? 0 : pick < shares[0]! + shares[1]! ? 1 : 2;
      });
      return { targets, probabilities };
    };
    const seen = draw(1000);
    const threshold = fitSetThreshold(seen.targets, seen.probabilities, 3, 0.9)!;
    const fresh = draw(4000);
    const coverage = setCoverage(fresh.targets, fresh.probabilities, 3, threshold);
    expect(coverage.value).toBeGreaterThan(0.88);
    expect(coverage.value).toBeLessThan(0.92);
    const sizes = setSizes(fresh.targets, fresh.probabilities, 3, threshold);
    expect(sizes.none + sizes.one + sizes.more).toBeCloseTo(1, 9);
    expect(sizes.oneRight).toBeGreaterThan(0.85);
    expect(fitSetThreshold(seen.targets.subarray(0, 10), seen.probabilities, 3, 0.9)).toBeNull();
  });
});

describe('small pieces', () => {
  it("Wilson's interval holds the share and covers all without rows", () => {
    const { low, high } = wilsonInterval(0.9, 100);
    expect([low, high].map((x) => x.toFixed(4))).toEqual(['0.8256', '0.9448']);
    expect(wilsonInterval(1, 50).high).toBeCloseTo(1, 9);
    expect(wilsonInterval(0.5, 0)).toEqual({ low: 0, high: 1 });
  });

  it('piecewise functions are the same in a graph', async () => {
    const f = { x: [-1, 0, 0.5, 3], y: [2, 1, 4, -1] };
    const at = Float32Array.from([-5, -1, -0.5, 0, 0.2, 0.5, 1, 3, 9]);
    const graph = new GraphBuilder();
    const input = graph.input('at', 'float32', ['N', 1]);
    graph.output('y', 'float32', ['N', 1], emitPiecewise(graph, f, input));
    const session = await nodeRuntime.createSession(graph.toBytes());
    const { y } = await session.run({ at: { type: 'float32', dims: [at.length, 1], data: at } });
    await session.dispose();
    at.forEach((x, i) => {
      expect((y!.data as Float32Array)[i]).toBeCloseTo(evaluatePiecewise(f, x), 5);
    });
    expect(evaluatePiecewise(f, 1.75)).toBeCloseTo(1.5, 9);
    expect(evaluatePiecewise({ x: [0], y: [7] }, 3)).toBe(7);
  });
});
