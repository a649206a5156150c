import { describe, expect, it } from 'vitest';
import type { Features } from '../contracts/learner.ts';
import { Random } from '../math/random.ts';
import { findFaults } from './find.ts';
import { classThresholds, rankLabels } from './labels.ts';
import { findTwins } from './near-duplicates.ts';
import { findOutliers } from './outliers.ts';
import { rankValues } from './residuals.ts';

/** Two numbers and a category a row. */
function table(rows: number, seed: number) {
  const random = new Random(seed);
  const numeric = Float32Array.from({ length: 2 * rows }, () => random.normal());
  const codes = Int32Array.from({ length: rows }, () => 2 + random.integer(3));
  const features: Features = {
    rows,
    numericNames: ['a', 'b'],
    numeric,
    categoricalNames: ['c'],
    cardinalities: [5],
    codes,
  };
  return { features, random };
}

describe('labels', () => {
  it('finds flipped labels first where probabilities know better', () => {
    const random = new Random(3);
    const rows = 2000;
    const truth = Float64Array.from({ length: rows }, () => random.integer(3));
    const probabilities = new Float32Array(3 * rows);
    truth.forEach((y, i) => {
      const sure = 0.5 + 0.5 * random.uniform();
      for (let c = 0; c < 3; c++) probabilities[3 * i + c] = c === y ? sure : (1 - sure) / 2;
    });
    const given = truth.slice();
    const flipped = new Set<number>();
    for (let i = 0; i < rows; i += 20) {
      given[i] = (truth[i]! + 1) % 3;
      flipped.add(i);
    }
    const ranked = rankLabels(given, probabilities, 3);
    expect(ranked).toHaveLength(rows);
    expect(ranked.slice(0, 100).filter(({ row }) => flipped.has(row)).length).toBeGreaterThan(90);
    const found = ranked.filter(({ confident }) => confident);
    expect(found.every(({ row }) => flipped.has(row))).toBe(true);
    expect(ranked[0]!.suggested).toBe(truth[ranked[0]!.row]);
  });

  it('has a threshold for each class, also for one without rows', () => {
    const thresholds = classThresholds([0, 0, 1], Float32Array.from([0.75, 0.25, 0, 0.25, 0.75, 0, 0.5, 0.5, 0]), 3);
    expect([...thresholds]).toEqual([0.5, 0.5, 1]);
  });
});

describe('numbers', () => {
  it('finds residuals beyond the usual for their size, and none where all are alike', () => {
    const random = new Random(4);
    const predictions = Float64Array.from({ length: 500 }, () => random.normal());
    const targets = predictions.map((p) => p + 0.1 * random.normal());
    targets[7]! += 3;
    targets[9]! -= 2;
    const found = rankValues(targets, predictions, new Float64Array(500).fill(1));
    expect(found.slice(0, 2).map(({ row }) => row)).toEqual([7, 9]);
    expect(found.length).toBeLessThan(6);
    expect(rankValues(predictions, predictions, new Float64Array(500).fill(1))).toEqual([]);
  });
});

describe('twins', () => {
  it('finds copies and near copies with another target, wherever they stand', () => {
    const { features } = table(300, 5);
    const copy = (to: number, from: number, by: number) => {
      for (const j of [0, 1]) features.numeric[j * 300 + to] = features.numeric[j * 300 + from]! + by;
      features.codes[to] = features.codes[from]!;
    };
    copy(290, 10, 0);
    copy(291, 150, 1e-3);
    const targets = new Float64Array(300);
    targets[290] = 1;
    targets[291] = 1;
    const twins = findTwins(features, (a, b) => targets[a] !== targets[b], 1);
    expect(twins.map(({ row, other }) => [row, other])).toEqual([
      [10, 290],
      [150, 291],
      [290, 10],
      [291, 150],
    ]);
    expect(twins[0]!.distance).toBe(0);
  });

  it('takes copies alone where all rows lie close together', () => {
    const rows = 500;
    const features: Features = {
      rows,
      numericNames: ['a'],
      numeric: Float32Array.from({ length: rows }, (_, i) => i),
      categoricalNames: [],
      cardinalities: [],
      codes: new Int32Array(0),
    };
    features.numeric[499] = 3;
    const twins = findTwins(features, (a, b) => a % 2 !== b % 2 || a === 499 || b === 499, 1);
    expect(twins.map(({ row }) => row)).toEqual([3, 499]);
  });
});

describe('outliers', () => {
  it('names the cell that is furthest outside, and spares skewed columns', () => {
    const random = new Random(6);
    const rows = 1000;
    const numeric = Float32Array.from({ length: 2 * rows }, (_, i) =>
      i < rows ? random.normal() : Math.exp(random.normal()),
    );
    numeric[17] = 60;
    numeric[rows + 17] = -40;
    const found = findOutliers({ rows, numericNames: ['plain', 'skewed'], numeric });
    expect(found[0]).toMatchObject({ row: 17, column: 1, value: -40 });
    expect(found.length).toBeLessThan(5);
  });
});

it('finds all kinds of faults of a task, in the rows of the task', () => {
  const { features, random } = table(600, 7);
  const classes = ['no', 'yes'];
  const targetValues = Float64Array.from({ length: 600 }, (_, i) => (features.numeric[i]! > 0 ? 1 : 0));
  const predictions = new Float32Array(1200);
  targetValues.forEach((y, i) => {
    const p = i === 300 ? 0.97 : 0.75 + 0.2 * random.uniform();
    predictions.set(y === 1 ? [1 - p, p] : [p, 1 - p], 2 * i);
  });
  targetValues[300] = 1 - targetValues[300]!;
  features.numeric[5] = 1e4;
  const rows = Int32Array.from({ length: 500 }, (_, i) => i + 100);
  const found = findFaults({ features, target: { problem: 'binary', classes }, targetValues }, rows, predictions, 1);
  expect(found.labels.map(({ row }) => row)).toEqual([300]);
  expect(found).toMatchObject({ estimated: 1, values: [] });
  expect(found.outliers[0]).toMatchObject({ row: 5, column: 0 });
  const numbers = findFaults(
    {
      features,
      target: { problem: 'regression', mean: 0, deviation: 1, low: -9, high: 9, log: null },
      targetValues: Float64Array.from(targetValues, (y, i) => y + (i === 200 ? 30 : 0.1 * random.normal())),
    },
    rows,
    Float32Array.from(targetValues),
    1,
  );
  expect(numbers.values[0]).toMatchObject({ row: 200 });
  expect(numbers).toMatchObject({ estimated: null, labels: [] });
});
