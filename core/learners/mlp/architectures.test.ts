/** Residual networks and ensembles that share their layers, in everything that a learner promises. */
import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import type { Problem } from '../../contracts/learner.ts';
import { bindNetwork } from '../../ir/network.ts';
import { Random } from '../../math/random.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import { readModel } from '../../onnx/read.ts';
import { slowForms } from '../../ops/slow-forms.ts';
import { Evaluator } from '../../train/evaluator.ts';
import { layoutOf } from '../../train/layout.ts';
import { compileProgram } from '../../train/program.ts';
import { initialState, readParameter, writeParameter } from '../../train/state.ts';
import {
  foldRows,
  largestDifference,
  makeTable,
  meanPrediction,
  runExported,
  testContext,
} from '../boosting/testing/tables.ts';
import { mlp } from '../mlp.ts';
import { linearLayers } from './architecture.ts';
import { COLUMN_WIDTH } from './column-embedding.ts';
import { readMlpDesign } from './design.ts';
import { featureInputs } from './matrix.ts';
import { mlpNetwork } from './network.ts';
import { foldsTogether } from './together.ts';

const ROWS = 240;
const folds = [0, 1, 2].map((k) => foldRows(ROWS, 3, k));
const small = { width: 16, layers: 2, epochs: 40, dropout: 0.05, batchSize: 16, ensemble: 3 };
const metrics = { binary: 'log_loss', multiclass: 'log_loss', regression: 'rmse' } as const;

/** How much better than saying the same of every row; 0 is no better. */
function gain(problem: Problem, predictions: Float32Array, truth: Float32Array, classes: number): number {
  if (problem === 'regression') {
    const mean = truth.reduce((a, b) => a + b, 0) / truth.length;
    const error = (of: (i: number) => number) => truth.reduce((sum, y, i) => sum + (y - of(i)) ** 2, 0);
    return 1 - error((i) => predictions[i]!) / error(() => mean);
  }
  const shares = new Float64Array(classes);
  for (const y of truth) shares[y]! += 1 / truth.length;
  const loss = (of: (i: number, y: number) => number) => truth.reduce((sum, y, i) => sum - Math.log(of(i, y)), 0);
  return 1 - loss((i, y) => predictions[i * classes + y]!) / loss((_, y) => shares[y]!);
}

describe.each([
  ['residual', 'binary', 'ple'],
  ['residual', 'regression', 'pbld'],
  ['residual', 'multiclass', 'none'],
  ['tabm', 'binary', 'none'],
  ['tabm', 'multiclass', 'pbld'],
  ['tabm', 'regression', 'ple'],
] as const)('%s networks, %s with %s', (architecture, problem, numericEmbedding) => {
  const table = makeTable(problem, ROWS, 3);
  const { features, target } = table;
  const design = { ...small, architecture, numericEmbedding };
  const contexts = [5, 6, 7].map((seed) => testContext(nodeRuntime, { seed, metric: metrics[problem] }));

  test('learn, and validation, prediction and exported file agree on both runtimes', async () => {
    const fits = await mlp.fitTogether!(design, features, target, folds, contexts);
    const models = fits.map(({ model }) => model);
    for (const [k, { valid }] of folds.entries()) {
      const again = await mlp.predict(models[k]!, features, valid, target, nodeRuntime);
      expect(largestDifference(again, fits[k]!.validPredictions)).toBeLessThan(1e-5);
      const truth = Float32Array.from(valid, (row) => target.values[row]!);
      expect(gain(problem, again, truth, target.classes)).toBeGreaterThan(0.02);
      expect(mlp.follows!(models[k]!, design)).toBe(true);
      expect(mlp.follows!(models[k]!, { ...design, architecture: 'plain' })).toBe(false);
    }
    const mean = await meanPrediction(nodeRuntime, mlp, models, table);
    for (const runtime of [nodeRuntime, webRuntime])
      expect(largestDifference(await runExported(runtime, mlp, models, table), mean)).toBeLessThan(1e-5);
    const graph = new GraphBuilder();
    mlp.emit(graph, models, featureInputs(graph, 4, 3), features, target);
    // Only standard operators, and folds that share every product unless they are ensembles.
    expect(Object.keys(graph.toModel().opsets)).toEqual(['']);
    const times = architecture === 'tabm' ? folds.length : 1;
    const products = linearLayers(readMlpDesign(design)).length;
    const embeddings = numericEmbedding === 'pbld' ? 1 : architecture === 'tabm' && numericEmbedding === 'ple' ? 2 : 0;
    const made = graph.toGraph().nodes.filter(({ op }) => op === 'MatMul' || op === 'Gemm');
    expect(made).toHaveLength(times * (products + embeddings));
  });

  test('train every fold as it is alone, bit by bit', async () => {
    const short = { ...design, epochs: 6 };
    const together = await mlp.fitTogether!(short, features, target, folds, contexts);
    for (const [k, { train, valid }] of folds.entries()) {
      const alone = await mlp.fit(short, features, target, train, valid, contexts[k]!);
      expect(together[k]!.model).toEqual(alone.model);
      expect(together[k]!.validPredictions).toEqual(alone.validPredictions);
    }
  });
});

const places = { dense: 5, columnOf: [1, 0, 1, 0, 0], pieces: 2, continuous: 0 };
const shape = { ...places, dense: 6, embedded: 1, tableRows: 4, outputs: 2 };
const tabm = readMlpDesign({ ...small, architecture: 'tabm', numericEmbedding: 'ple' });

test.each(['residual', 'tabm'] as const)('the program of %s networks has no form known to be slow', (architecture) => {
  for (const numericEmbedding of ['none', 'ple', 'pbld']) {
    const network = mlpNetwork(
      readMlpDesign({ ...small, architecture, numericEmbedding }),
      { ...shape, continuous: 3 },
      'K',
      { problem: 'multiclass', smoothing: 0.1, weighted: true },
    );
    const data = { x: 'rows', e: 'rows', y: 'classes', w: 'rows' } as const;
    const spec = { network, data, members: 2, batch: 16, beta1: 0.9, beta2: 0.95, decay: true, clipNorm: null };
    const { bytes } = compileProgram({ ...spec, contrib: true, threads: 1, memberwise: true });
    expect(slowForms(readModel(bytes).graph)).toEqual([]);
  }
});

test.each(['classification', 'regression'])(
  'the loss of an ensemble is the mean of its members’ losses: %s',
  async (task) => {
    const outputs = task === 'regression' ? 1 : 2;
    const problem = task === 'regression' ? 'regression' : 'binary';
    const network = mlpNetwork(tabm, { ...shape, outputs }, 'K', { problem, smoothing: 0, weighted: false });
    const layout = layoutOf(bindNetwork(network, { K: 1 }));
    const random = new Random(3);
    const { parameters } = initialState(layout, [4]);
    const rows = 8;
    const x = Float32Array.from({ length: rows * 6 }, () => random.normal());
    const y = Float32Array.from({ length: rows * outputs }, (_, i) =>
      outputs === 1 ? random.normal() : (Math.floor(i / 2) + i) % 2,
    );
    const data = {
      x: { type: 'float32', dims: [rows, 6], data: x },
      e: { type: 'int64', dims: [rows, 1], data: BigInt64Array.from({ length: rows }, (_, i) => BigInt(i % 4)) },
      y: { type: 'float32', dims: [rows, outputs], data: y },
    } as const;
    const names = ['loss', 'prediction'];
    const evaluator = await Evaluator.create(nodeRuntime, network, 1, ['x', 'e', 'y'], names, data, {
      trainingBatch: rows,
    });
    const all = BigInt64Array.from({ length: rows }, (_, i) => BigInt(i));
    const whole = await evaluator.run(parameters, all);
    // An ensemble whose members all are its member m.
    const alone: Record<string, Float32Array>[] = [];
    for (let m = 0; m < tabm.ensemble; m++) {
      const copy = parameters.slice();
      for (const { name } of layout.entries.filter(({ name }) => /^(factors|head)/.test(name))) {
        const values = readParameter(layout, parameters, name);
        const size = values.length / tabm.ensemble;
        writeParameter(
          layout,
          copy,
          name,
          values.map((_, i) => values[m * size + (i % size)]!),
        );
      }
      alone.push(await evaluator.run(copy, all));
    }
    await evaluator.dispose();
    const mean = (of: (run: Record<string, Float32Array>) => number) =>
      alone.reduce((sum, run) => sum + of(run), 0) / alone.length;
    expect(whole.loss![0]).toBeCloseTo(
      mean(({ loss }) => loss![0]!),
      5,
    );
    whole.prediction!.forEach((p, i) => {
      expect(p).toBeCloseTo(
        mean(({ prediction }) => prediction![i]!),
        5,
      );
    });
    // The members differ, or this would say nothing.
    expect(Math.abs(alone[0]!.loss![0]! - alone[1]!.loss![0]!)).toBeGreaterThan(1e-3);
  },
);

test('an embedded column starts with one factor in each member, a bare number with a sign', () => {
  const network = mlpNetwork(tabm, shape, 'K', null);
  const layout = layoutOf(bindNetwork(network, { K: 1 }));
  const { parameters } = initialState(layout, [9]);
  // Two columns, the sixth number, one embedded category.
  const [columns, bare, category] = [0, 1, 2].map((i) => readParameter(layout, parameters, `factors${i}`));
  expect([columns!.length, bare!.length, category!.length]).toEqual([3 * 2 * COLUMN_WIDTH, 3, 3 * 8]);
  for (const values of [columns!, category!])
    values.forEach((v, i) => {
      expect(v).toBe(values[i - (i % 8)]);
    });
  expect(new Set(columns).size).toBe(3 * 2);
  expect(bare!.every((v) => Math.abs(v) === 1)).toBe(true);
});

test('pieces of one column do not reach the numbers of another, and say nothing at the start', async () => {
  const network = mlpNetwork(tabm, { ...shape, embedded: 0 }, 'K', null);
  const layout = layoutOf(bindNetwork(network, { K: 1 }));
  const { parameters } = initialState(layout, [2]);
  expect(readParameter(layout, parameters, 'columns.pieces').every((v) => v === 0)).toBe(true);
  const rows = [
    [1, 2, 3, 4, 5, 6],
    [1, 2, 3, -4, 0, 6],
  ];
  const data = { x: { type: 'float32', dims: [2, 6], data: Float32Array.from(rows.flat()) } } as const;
  const evaluator = await Evaluator.create(nodeRuntime, network, 1, ['x'], ['prediction'], data);
  const both = BigInt64Array.of(0n, 1n);
  const halves = ({ prediction }: Record<string, Float32Array>) => [prediction!.slice(0, 2), prediction!.slice(2)];
  const [one, other] = halves(await evaluator.run(parameters, both));
  expect(one).toEqual(other);
  const bent = parameters.slice();
  writeParameter(layout, bent, 'columns.pieces', new Float32Array(2 * COLUMN_WIDTH).fill(1));
  // Both pieces are of column 0: with its factors at 0 they still say nothing.
  const deaf = bent.slice();
  const factors = readParameter(layout, bent, 'factors0');
  writeParameter(
    layout,
    deaf,
    'factors0',
    factors.map((v, i) => (i % (2 * COLUMN_WIDTH) < COLUMN_WIDTH ? 0 : v)),
  );
  const [a, b] = halves(await evaluator.run(bent, both));
  expect(a).not.toEqual(b);
  const [c, d] = halves(await evaluator.run(deaf, both));
  expect(c).toEqual(d);
  await evaluator.dispose();
});

test('members count as networks where folds train side by side', async () => {
  const { features, target } = makeTable('binary', ROWS, 3);
  const together = (design: Record<string, string | number>) =>
    foldsTogether(
      { numericEmbedding: 'none', width: 16, ...design },
      features,
      target,
      folds,
      testContext(nodeRuntime),
    );
  const plain = await together({});
  expect(await together({ architecture: 'tabm', ensemble: 4 })).toBeLessThanOrEqual(plain / 4 + 1);
  expect(await together({ architecture: 'tabm', ensemble: 64, width: 64 })).toBe(1);
});
