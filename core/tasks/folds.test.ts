import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Features } from '../contracts/learner.ts';
import { foldCount, mergeFolds, planFolds, splitTest } from './folds.ts';
import { duplicateGroups, strataOf } from './strata.ts';

const base = { kind: 'random' as const, budgetSeconds: 60, seed: 1 };
const sorted = (rows: Iterable<number>) => [...rows].sort((a, b) => a - b);

describe('folds', () => {
  it('validate every row once, spread every class, and train on the rest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 20, maxLength: 300 }),
        fc.nat(),
        (classes, seed) => {
          const strata = Int32Array.from(classes);
          const { folds } = planFolds({ ...base, rows: strata.length, strata, seed });
          expect(sorted(folds.flatMap((fold) => [...fold.valid]))).toEqual([...strata.keys()]);
          for (const fold of folds) expect(sorted([...fold.train, ...fold.valid])).toEqual([...strata.keys()]);
          for (let c = 0; c < 4; c++) {
            const counts = folds.map((fold) => fold.valid.filter((row) => strata[row] === c).length);
            expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('are the same where no row is in a group as where there are no groups', () => {
    const strata = Int32Array.from({ length: 300 }, (_, i) => (i * 7) % 3);
    const without = planFolds({ ...base, rows: 300, strata });
    expect(planFolds({ ...base, rows: 300, strata, groups: new Int32Array(300).fill(-1) })).toEqual(without);
  });

  it('never divide a group, and are even all the same', () => {
    const groups = Int32Array.from({ length: 400 }, (_, i) => Math.floor(i / 7));
    const { folds } = planFolds({ ...base, kind: 'group', rows: 400, strata: new Int32Array(400), groups });
    for (const fold of folds) {
      const inside = new Set([...fold.valid].map((row) => groups[row]));
      expect([...fold.train].some((row) => inside.has(groups[row]))).toBe(false);
      expect(fold.valid.length).toBeGreaterThan(35);
    }
  });

  it('validate on later rows only when time decides', () => {
    const times = Float64Array.from({ length: 200 }, (_, i) => (i * 37) % 50);
    const { folds } = planFolds({ ...base, kind: 'time', rows: 200, strata: new Int32Array(200), times });
    expect(folds.length).toBeGreaterThan(2);
    for (const fold of folds) {
      const last = Math.max(...[...fold.train].map((row) => times[row]!));
      expect([...fold.valid].every((row) => times[row]! > last)).toBe(true);
    }
  });

  it('merge into fewer that cover the same rows', () => {
    const plan = planFolds({ ...base, rows: 500, strata: new Int32Array(500) });
    const merged = mergeFolds(plan, 2);
    expect(merged.folds).toHaveLength(4);
    expect(sorted(merged.folds.flatMap((fold) => [...fold.valid]))).toEqual([...new Int32Array(500).keys()]);
    expect(sorted(merged.folds[1]!.valid)).toEqual(sorted([...plan.folds[2]!.valid, ...plan.folds[3]!.valid]));
  });

  it('get fewer as rows grow and time shrinks', () => {
    expect([500, 5000, 20_000, 50_000, 200_000].map((rows) => foldCount(rows, 60))).toEqual([8, 8, 5, 3, 1]);
    expect(foldCount(20_000, 300)).toBe(8);
    expect([50, 100, 500].map((classes) => foldCount(20_000, 60, classes))).toEqual([5, 3, 1]);
    expect(foldCount(900, 60, 300)).toBe(8);
  });
});

describe('the sealed test', () => {
  it('has the asked share of every class and repeats for the same seed', () => {
    const strata = Int32Array.from({ length: 1000 }, (_, i) => (i % 10 === 0 ? 1 : 0));
    const request = { ...base, rows: 1000, strata, fraction: 0.2 };
    const { train, test } = splitTest(request);
    expect(test.length).toBe(200);
    expect(test.filter((row) => strata[row] === 1).length).toBe(20);
    expect(sorted([...train, ...test])).toEqual([...strata.keys()]);
    expect(splitTest(request)).toEqual({ train, test });
    expect(splitTest({ ...request, seed: 2 }).test).not.toEqual(test);
  });

  it('is the end of time', () => {
    const times = Float64Array.of(5, 1, 4, 2, 3);
    const { test } = splitTest({ ...base, kind: 'time', rows: 5, strata: new Int32Array(5), times, fraction: 0.4 });
    expect([...test]).toEqual([0, 2]);
  });
});

describe('groups', () => {
  const features = (values: number[]): Features => ({
    rows: values.length,
    numericNames: ['x'],
    numeric: Float32Array.from(values),
    categoricalNames: [],
    cardinalities: [],
    codes: new Int32Array(0),
  });

  it('are the exact copies, target included', () => {
    const groups = duplicateGroups(
      features([1, 2, 1, 1, Number.NaN, 5, 6, 7]),
      Float64Array.of(0, 0, 0, 1, 0, 0, 0, 0),
    );
    expect([...groups!]).toEqual([0, -1, 0, -1, -1, -1, -1, -1]);
    expect(duplicateGroups(features([1, 2, 3]), Float64Array.of(0, 0, 0))).toBeUndefined();
    expect(duplicateGroups(features([1, 1, 1, 2]), Float64Array.of(0, 0, 0, 0))).toBeUndefined();
  });

  it('bin a numeric target evenly', () => {
    const plan = { problem: 'regression' as const, mean: 0, deviation: 1, low: 0, high: 1, log: null };
    const strata = strataOf(
      plan,
      Float64Array.from({ length: 100 }, (_, i) => (i * 7) % 100),
    );
    expect([0, 1, 2, 3, 4].map((s) => strata.filter((x) => x === s).length)).toEqual([20, 20, 20, 20, 20]);
  });
});
