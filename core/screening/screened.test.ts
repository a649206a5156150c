import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import type { Features, Target } from '../contracts/learner.ts';
import { learnerNamed } from '../learners/registry.ts';
import { Random } from '../math/random.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import type { Design } from '../spaces/space.ts';
import { associations } from './association.ts';
import { strongestColumns, takeColumns } from './columns.ts';

const rows = 400;
const numeric = 60;
const codes = 20;
/** Columns that the target hangs on: a slope, a bowl, and a category. */
const [slope, bowl, kind] = [17, 42, 5];

function wideTable(seed: number): { features: Features; score: Float64Array } {
  const random = new Random(seed);
  const numbers = Float32Array.from({ length: numeric * rows }, () => random.normal());
  for (let i = 0; i < rows; i += 9) numbers[3 * rows + i] = Number.NaN;
  const categories = Int32Array.from({ length: codes * rows }, () => 2 + random.integer(4));
  const score = Float64Array.from({ length: rows }, (_, i) => {
    const x = numbers[bowl * rows + i]!;
    return (
      numbers[slope * rows + i]! + x * x - 1 + (categories[kind * rows + i] === 3 ? 1.5 : 0) + 0.3 * random.normal()
    );
  });
  const features: Features = {
    rows,
    numericNames: Array.from({ length: numeric }, (_, j) => `x${j}`),
    numeric: numbers,
    categoricalNames: Array.from({ length: codes }, (_, g) => `c${g}`),
    cardinalities: new Array<number>(codes).fill(6),
    codes: categories,
  };
  return { features, score };
}

const cut = (score: Float64Array, classes: number) => {
  const sorted = score.slice().sort();
  return Float32Array.from(score, (s) => {
    let c = 0;
    while (c + 1 < classes && s > sorted[Math.floor(((c + 1) * rows) / classes)]!) c++;
    return c;
  });
};

const targetsOf = (score: Float64Array): Record<string, Target> => ({
  regression: { problem: 'regression', classes: 1, values: Float32Array.from(score) },
  binary: { problem: 'binary', classes: 2, values: cut(score, 2) },
  multiclass: { problem: 'multiclass', classes: 4, values: cut(score, 4) },
});

const all = Int32Array.from({ length: rows }, (_, i) => i);

describe.each(['regression', 'binary', 'multiclass'])('columns and a target of kind %s', (problem) => {
  const { features, score } = wideTable(3);
  const target = targetsOf(score)[problem]!;

  it('finds those that it hangs on, straight, bent or by category', () => {
    const kept = strongestColumns(features, target, all, 6);
    expect(kept.numeric).toContain(slope);
    expect(kept.numeric).toContain(bowl);
    expect(kept.codes).toContain(kind);
    expect(kept.numeric.length + kept.codes.length).toBe(6);
  });

  it('scores those that say nothing about 0 on average, numbers and categories alike', () => {
    const scores = associations(features, target, all);
    const mean = (from: number, to: number, without: readonly number[]) => {
      const part = [...scores.keys()].filter((j) => j >= from && j < to && !without.includes(j));
      return part.reduce((sum, j) => sum + scores[j]!, 0) / part.length;
    };
    expect(Math.abs(mean(0, numeric, [slope, bowl]))).toBeLessThan(0.4);
    expect(Math.abs(mean(numeric, numeric + codes, [numeric + kind]))).toBeLessThan(0.7);
  });
});

describe.each(['linear', 'boosting', 'mlp'])('a screened %s', (name) => {
  const { features, score } = wideTable(5);
  const target = targetsOf(score).binary!;
  const learner = learnerNamed(name);
  const train = all.filter((i) => i % 4 !== 0);
  const valid = all.filter((i) => i % 4 === 0);
  const context = {
    runtime: nodeRuntime,
    seed: 2,
    metric: 'log_loss',
    secondsLeft: () => 1e6,
    cancelled: () => false,
    breathe: async () => undefined,
  };
  const designs: Readonly<Record<string, Design>> = {
    linear: {},
    boosting: { rounds: 30, leaves: 6 },
    mlp: { width: 16, layers: 1, epochs: 4 },
  };
  const own = designs[name]!;

  it('is the learner on the columns that the training rows chose, in TypeScript and in the graph', async () => {
    const fit = await learner.fit({ ...own, screen: 8 }, features, target, train, valid, context);
    const kept = strongestColumns(features, target, train, 8);
    const plain = await learner.fit(own, takeColumns(features, kept), target, train, valid, context);
    expect(fit.validPredictions).toEqual(plain.validPredictions);
    const predictions = await learner.predict(fit.model, features, valid, target, nodeRuntime);
    const other = await learner.fit({ ...own, screen: 5 }, features, target, valid, train, context);
    const graph = new GraphBuilder('test');
    const input = {
      numeric: graph.input('x', 'float32', ['N', numeric]),
      codes: graph.input('c', 'int64', ['N', codes]),
    };
    const models = [fit.model, other.model];
    graph.output('p', 'float32', ['N', 2], learner.emit(graph, models, input, features, target));
    const session = await nodeRuntime.createSession(graph.toBytes());
    const x = new Float32Array(valid.length * numeric);
    const c = new BigInt64Array(valid.length * codes);
    valid.forEach((row, i) => {
      for (let j = 0; j < numeric; j++) x[i * numeric + j] = features.numeric[j * rows + row]!;
      for (let g = 0; g < codes; g++) c[i * codes + g] = BigInt(features.codes[g * rows + row]!);
    });
    const { p } = await session.run({
      x: { type: 'float32', dims: [valid.length, numeric], data: x },
      c: { type: 'int64', dims: [valid.length, codes], data: c },
    });
    await session.dispose();
    const theirs = await learner.predict(other.model, features, valid, target, nodeRuntime);
    predictions.forEach((own, i) => {
      expect((p!.data as Float32Array)[i]).toBeCloseTo((own + theirs[i]!) / 2, 4);
    });
  });

  it('looks at all columns where there are no more', async () => {
    const narrow = takeColumns(features, strongestColumns(features, target, all, 8));
    const fit = await learner.fit({ ...own, screen: 300 }, narrow, target, train, valid, context);
    const plain = await learner.fit(own, narrow, target, train, valid, context);
    expect(fit.model).toEqual(plain.model);
  });
});
