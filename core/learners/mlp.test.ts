import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import { CancelledError, type Features, type FitContext, type FoldModel, type Target } from '../contracts/learner.ts';
import { Random } from '../math/random.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { steadyClock } from './boosting/testing/tables.ts';
import { readMlpDesign } from './mlp/design.ts';
import { featureFeeds, featureInputs } from './mlp/matrix.ts';
import { fitPreparation } from './mlp/preparation.ts';
import { mlp, mlpPortfolio } from './mlp.ts';

const ROWS = 240;

/** Three numeric columns (one with gaps, one constant), a three-valued and a fifteen-valued category, and what depends on them. */
function table(seed: number): { features: Features; signal: Float32Array } {
  const random = new Random(seed);
  const numeric = new Float32Array(ROWS * 3);
  const codes = new Int32Array(ROWS * 2);
  const signal = new Float32Array(ROWS);
  for (let i = 0; i < ROWS; i++) {
    const [a, b] = [random.normal() * 3 + 10, random.normal()];
    numeric[i] = a;
    numeric[ROWS + i] = random.uniform() < 0.2 ? Number.NaN : b;
    numeric[2 * ROWS + i] = 7;
    codes[i] = 2 + random.integer(3);
    codes[ROWS + i] = random.uniform() < 0.05 ? 0 : 2 + random.integer(14);
    const gap = Number.isNaN(numeric[ROWS + i]!) ? 1 : numeric[ROWS + i]!;
    signal[i] = (a - 10) / 3 + gap * (codes[i] === 2 ? 1 : -1) + (codes[ROWS + i]! % 3);
  }
  const categoricalNames = ['c', 'd'];
  const numericNames = ['a', 'b', 'k'];
  return { features: { rows: ROWS, numericNames, numeric, categoricalNames, cardinalities: [5, 17], codes }, signal };
}

function targetOf(problem: Target['problem'], signal: Float32Array): Target {
  if (problem === 'regression') {
    const mean = signal.reduce((a, b) => a + b, 0) / signal.length;
    const deviation = Math.sqrt(signal.reduce((a, b) => a + (b - mean) ** 2, 0) / signal.length);
    return { problem, classes: 1, values: signal.map((v) => (v - mean) / deviation) };
  }
  const classes = problem === 'binary' ? 2 : 4;
  const sorted = signal.slice().sort();
  const cuts = Array.from({ length: classes - 1 }, (_, c) => sorted[Math.floor((ROWS * (c + 1)) / classes)]!);
  return { problem, classes, values: signal.map((v) => cuts.filter((c) => v >= c).length) };
}

const context = (over: Partial<FitContext> = {}): FitContext => ({
  runtime: nodeRuntime,
  seed: 11,
  secondsLeft: () => 3600,
  cancelled: () => false,
  breathe: async () => {},
  metric: 'log_loss',
  ...over,
});
const fold = (k: number) => ({
  train: Int32Array.from({ length: ROWS }, (_, i) => i).filter((i) => i % 3 !== k),
  valid: Int32Array.from({ length: ROWS }, (_, i) => i).filter((i) => i % 3 === k),
});
const small = { width: 24, layers: 2, epochs: 40, dropout: 0.05, batchSize: 16 };
const largest = (a: Float32Array, b: ArrayLike<number>): number =>
  a.reduce((worst, v, i) => Math.max(worst, Math.abs(v - b[i]!)), 0);

async function exported(models: readonly FoldModel[], features: Features, target: Target, runtime = nodeRuntime) {
  const graph = new GraphBuilder();
  const input = featureInputs(graph, 3, 2);
  graph.output('out', 'float32', ['N', target.classes], mlp.emit(graph, models, input, features, target));
  const session = await runtime.createSession(graph.toBytes());
  const { out } = await session.run(featureFeeds(features, 0, features.rows));
  await session.dispose();
  return { graph, out: out!.data as Float32Array };
}

describe.each([
  ['binary', 'pbld'],
  ['multiclass', 'ple'],
  ['regression', 'ple'],
  ['regression', 'none'],
] as const)('%s with %s', (problem, numericEmbedding) => {
  const { features, signal } = table(1);
  const target = targetOf(problem, signal);
  const metric = { binary: 'log_loss', multiclass: 'accuracy', regression: 'rmse' }[problem];

  test('learns, and validation, prediction and exported file agree on both runtimes', async () => {
    const fits = [];
    for (const k of [0, 1]) {
      const { train, valid } = fold(k);
      fits.push(
        await mlp.fit({ ...small, numericEmbedding }, features, target, train, valid, context({ metric, seed: k })),
      );
    }
    const models = fits.map((f) => f.model);
    const w = target.classes;
    for (const k of [0, 1]) {
      const { valid } = fold(k);
      const again = await mlp.predict(models[k]!, features, valid, target, nodeRuntime);
      expect(largest(again, fits[k]!.validPredictions)).toBeLessThan(1e-5);
      const wrong = valid.filter((row, i) => {
        const p = again.subarray(i * w, i * w + w);
        if (problem === 'regression') return Math.abs(p[0]! - target.values[row]!) > 1;
        return p.indexOf(Math.max(...p)) !== target.values[row];
      });
      expect(wrong.length / valid.length).toBeLessThan(problem === 'multiclass' ? 0.5 : 0.35);
    }
    const all = Int32Array.from({ length: ROWS }, (_, i) => i);
    const each: Float32Array[] = [];
    for (const model of models) each.push(await mlp.predict(model, features, all, target, nodeRuntime));
    const mean = each[0]!.map((v, i) => (v + each[1]![i]!) / 2);
    const node = await exported(models, features, target);
    expect(largest(node.out, mean)).toBeLessThan(1e-5);
    const web = await exported(models, features, target, webRuntime);
    expect(largest(node.out, web.out)).toBeLessThan(1e-5);
    const { nodes } = node.graph.toGraph();
    // Two folds share every product, and only standard operators leave the house.
    expect(nodes.filter((n) => n.op === 'MatMul').length).toBe(
      (numericEmbedding === 'pbld' ? 1 : 0) + small.layers + 1,
    );
    expect(Object.keys(node.graph.toModel().opsets)).toEqual(['']);
  });
});

describe('training', () => {
  const { features, signal } = table(2);
  const target = targetOf('binary', signal);
  const { train, valid } = fold(0);

  test('repeats bit by bit with one seed and differs with another', async () => {
    const run = (seed: number) => mlp.fit({ ...small, epochs: 5 }, features, target, train, valid, context({ seed }));
    const [a, b, c] = [await run(1), await run(1), await run(2)];
    expect(b.model).toEqual(a.model);
    expect(b.validPredictions).toEqual(a.validPredictions);
    expect(c.validPredictions).not.toEqual(a.validPredictions);
  });

  test('stays within its time and says what it cut', async () => {
    const secondsLeft = steadyClock(0.7, 0.005);
    const fit = await mlp.fit({ ...small, epochs: 10_000 }, features, target, train, valid, context({ secondsLeft }));
    expect(secondsLeft()).toBeGreaterThan(-0.05);
    expect(fit.notes.join()).toContain('shortened by the time limit');
    expect(fit.validPredictions.length).toBe(valid.length * 2);
  });

  test('still answers when the time is over before it begins', async () => {
    const fit = await mlp.fit(small, features, target, train, valid, context({ secondsLeft: () => -1 }));
    expect(fit.validPredictions.length).toBe(valid.length * 2);
  });

  test('answers with what it has wherever a plan is cut short', async () => {
    for (const calls of [4, 8, 12, 20, 30]) {
      let call = 0;
      // Looking at the validation rows is slow, so that the plan has few looks.
      const spent = () => (call < 3 ? 0 : call < 5 ? 0.03 : 2 + call / 100);
      const secondsLeft = () => (++call < calls ? 30 - spent() : 0);
      const design = { ...small, epochs: 200 };
      const fit = await mlp.fit(design, features, target, train, valid, context({ secondsLeft }));
      expect(fit.notes.join()).toContain('shortened by the time limit');
      expect(fit.validPredictions.length).toBe(valid.length * 2);
    }
  });

  test('stops with a CancelledError', async () => {
    let calls = 0;
    const cancelled = () => calls++ > 2;
    await expect(
      mlp.fit({ ...small, epochs: 1000 }, features, target, train, valid, context({ cancelled })),
    ).rejects.toThrow(CancelledError);
  });

  test('weights count: a class that weighs nothing is not predicted', async () => {
    const weights = target.values.map((y) => (y === 0 ? 1 : 1e-6));
    const { model } = await mlp.fit(small, features, { ...target, weights }, train, new Int32Array(0), context());
    const p = await mlp.predict(model, features, valid, target, nodeRuntime);
    expect(p.filter((v, i) => i % 2 === 0 && v > 0.5).length).toBe(valid.length);
  });

  test('columns that say nothing leave the class shares', async () => {
    const empty: Features = {
      ...features,
      numeric: features.numeric.map((_, i) => (i < ROWS ? Number.NaN : 1)),
      codes: features.codes.map(() => 0),
    };
    const { validPredictions } = await mlp.fit({ ...small, epochs: 60 }, empty, target, train, valid, context());
    expect(validPredictions[0]).toBeCloseTo(0.5, 1);
    expect(new Set(validPredictions.filter((_, i) => i % 2 === 0)).size).toBe(1);
  });

  test('values far outside, infinite ones and unseen codes give finite answers', async () => {
    const { model } = await mlp.fit({ ...small, epochs: 5 }, features, target, train, valid, context());
    const odd: Features = { ...features, numeric: features.numeric.slice(), codes: features.codes.slice() };
    odd.numeric.set([3e38, -3e38, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]);
    odd.codes.fill(1, 0, 8);
    odd.codes.fill(1, ROWS, ROWS + 8);
    const p = await mlp.predict(model, odd, Int32Array.of(0, 1, 2, 3, 4, 5), target, nodeRuntime);
    expect([...p].every((v) => Number.isFinite(v))).toBe(true);
  });
});

test('regression never leaves the range of its training targets', async () => {
  const { features, signal } = table(3);
  const target = targetOf('regression', signal);
  const { train, valid } = fold(1);
  const { model } = await mlp.fit(
    { ...small, epochs: 10 },
    features,
    target,
    train,
    valid,
    context({ metric: 'rmse' }),
  );
  const far: Features = { ...features, numeric: features.numeric.map((v) => v * 100) };
  const p = await mlp.predict(model, far, valid, target, nodeRuntime);
  const seen = train.reduce<[number, number]>(
    ([low, high], r) => [Math.min(low, target.values[r]!), Math.max(high, target.values[r]!)],
    [9, -9],
  );
  expect(Math.min(...p)).toBeGreaterThanOrEqual(seen[0]);
  expect(Math.max(...p)).toBeLessThanOrEqual(seen[1]);
});

test('the portfolio is valid, and bad decisions are named', () => {
  for (const design of mlpPortfolio) expect(readMlpDesign(design)).toMatchObject(design);
  expect(() => readMlpDesign({ width: 3.5 })).toThrow('width');
  expect(() => readMlpDesign({ activation: 'step' })).toThrow('activation must be one of relu');
});

test('preparation: medians, flags, one-hot and embedding rows of a hand-made table', async () => {
  const { features } = table(4);
  const rows = Int32Array.from({ length: ROWS }, (_, i) => i);
  const p = await fitPreparation(features, rows, async () => {}, false);
  expect(p.columns).toEqual([0, 1]);
  expect(p.continuous).toBe(2);
  expect(p.flags.map((f) => f.column)).toEqual([1]);
  expect(p.oneHot.map((c) => [c.column, c.width])).toEqual([[0, 3]]);
  expect(p.embedded.map((c) => [c.column, c.first])).toEqual([[1, 0]]);
  // Code 1 (unseen) occurs nowhere and reads the row of zeros.
  expect(p.embedded[0]!.rows[1]).toBe(0);
  expect(p.tableRows).toBe(new Set(features.codes.subarray(ROWS)).size + 1);
});
