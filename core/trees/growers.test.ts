import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../math/random.ts';
import { leafOf } from './bin-tree.ts';
import { MaxHeap } from './heap.ts';
import { LeafwiseGrower, type LeafwiseOptions } from './leafwise.ts';
import { ObliviousGrower } from './oblivious.ts';
import { expandOblivious, type LevelTest } from './oblivious-tree.ts';
import { PacedLoop, unpaced } from './pace.ts';
import { partitionRows } from './partition.ts';
import { type BinnedFeature, type BinnedTable, binTable, nominalFeature } from './table.ts';

const loop = () => new PacedLoop(unpaced);
const options: LeafwiseOptions = {
  leaves: 2,
  depth: 0,
  extraTrees: false,
  minRows: 3,
  minHessian: 1e-3,
  l1: 0,
  l2: 0.5,
};

/** Three ordered columns, one with missing values, and one of codes; gradients depend on some of them. */
function problem(seed: number, rows = 120) {
  const random = new Random(seed);
  const columns = [0, 1, 2].map((f) =>
    Float32Array.from({ length: rows }, () => (f === 1 && random.uniform() < 0.3 ? Number.NaN : random.normal())),
  );
  const codes = Uint8Array.from({ length: rows }, () => random.integer(5));
  const numeric = binTable(columns, 20);
  const table: BinnedTable = {
    rows,
    features: [...numeric.features, nominalFeature(5)],
    columns: [...numeric.columns, codes],
  };
  const gradients = Float32Array.from({ length: rows }, (_, i) => {
    const signal = random.integer(3) - 1 + (Number.isNaN(columns[1]![i]!) ? 1 : 0) + (codes[i] === 2 ? 1 : 0);
    return signal + random.normal();
  });
  return { table, gradients, hessians: new Float32Array(rows).fill(1) };
}

/** Every test of a table: which rows go left. */
function* allTests(table: BinnedTable): Generator<{ test: LevelTest; left: (row: number) => boolean }> {
  for (let f = 0; f < table.features.length; f++) {
    const { bins, kind } = table.features[f]!;
    for (let bin = 0; bin < bins; bin++) {
      for (const missingLeft of kind === 'nominal' ? [true] : [false, true]) {
        const left = (row: number) => {
          const code = table.columns[f]![row]!;
          if (kind === 'nominal') return code !== bin;
          return code === bins ? missingLeft : code <= bin;
        };
        yield { test: { feature: f, bin, missingLeft }, left };
      }
    }
  }
}

test('the first leaf-wise split is the best of all splits', async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const { table, gradients, hessians } = problem(seed);
    const grower = new LeafwiseGrower(table, options);
    await grower.grow(gradients, hessians, undefined, Int32Array.of(0, 1, 2, 3), new Random(1), loop());
    let best = -Infinity;
    const gainOf = (left: (row: number) => boolean) => {
      const sums = [0, 0, 0, 0];
      for (let row = 0; row < table.rows; row++) {
        const side = left(row) ? 0 : 2;
        sums[side]! += gradients[row]!;
        sums[side + 1]!++;
      }
      if (sums[1]! < options.minRows || sums[3]! < options.minRows) return -Infinity;
      return sums[0]! ** 2 / (sums[1]! + options.l2) + sums[2]! ** 2 / (sums[3]! + options.l2);
    };
    for (const { left } of allTests(table)) best = Math.max(best, gainOf(left));
    const tree = grower.tree.freeze();
    expect(tree.nodes).toBe(1);
    expect(gainOf((row) => leafOf(tree, table, row) === ~tree.left[0]!)).toBeCloseTo(best, 3);
  }
});

test('leaves hold the rows that walk into them, and the Newton step of their sums', async () => {
  const { table, gradients, hessians } = problem(9, 400);
  for (const extraTrees of [false, true]) {
    const grower = new LeafwiseGrower(table, { ...options, leaves: 12, extraTrees });
    const rows = Int32Array.from({ length: 300 }, (_, i) => i + Math.floor(i / 3));
    await grower.grow(gradients, hessians, rows, Int32Array.of(0, 1, 2, 3), new Random(2), loop());
    const tree = grower.tree.freeze();
    expect(tree.leaves).toBeGreaterThan(6);
    const seen: number[] = [];
    for (let leaf = 0; leaf < tree.leaves; leaf++) {
      let g = 0;
      const own = grower.order.subarray(grower.leafStart[leaf]!, grower.leafStart[leaf]! + grower.leafCount[leaf]!);
      expect(own.length).toBeGreaterThanOrEqual(options.minRows);
      for (const row of own) {
        expect(leafOf(tree, table, row)).toBe(leaf);
        g += gradients[row]!;
      }
      expect(tree.values[leaf]).toBeCloseTo(-g / (own.length + options.l2), 5);
      seen.push(...own);
    }
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from(rows));
  }
});

test('with memory for three histograms the tree is the same', async () => {
  const wide = problem(10, 500);
  const features = Int32Array.of(0, 1, 2, 3);
  const grow = async (limit: boolean) => {
    const grower = new LeafwiseGrower(wide.table, { ...options, leaves: 20 });
    if (limit)
      Object.assign((grower as unknown as { pool: object }).pool, { made: 1e9, free: [new Float64Array(400)] });
    await grower.grow(wide.gradients, wide.hessians, undefined, features, new Random(3), loop());
    return grower.tree.freeze();
  };
  const [a, b] = [await grow(false), await grow(true)];
  expect(b.feature).toEqual(a.feature);
  expect(b.bin).toEqual(a.bin);
});

test('the first oblivious test has the best cosine score', async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const { table, gradients, hessians } = problem(seed);
    const l2 = 3;
    const grower = new ObliviousGrower(table, 1, new Random(1));
    const all = Int32Array.of(0, 1, 2, 3);
    const [chosen] = await grower.grow(gradients, hessians, undefined, all, 1, l2, 0, new Random(1), loop());
    const scoreOf = (left: (row: number) => boolean) => {
      const sums = [0, 0, 0, 0];
      for (let row = 0; row < table.rows; row++) {
        const side = left(row) ? 0 : 2;
        sums[side]! += gradients[row]!;
        sums[side + 1]!++;
      }
      const a = sums[0]! / (sums[1]! + l2);
      const c = sums[2]! / (sums[3]! + l2);
      return (a * sums[0]! + c * sums[2]!) / Math.sqrt(a * a * sums[1]! + c * c * sums[3]! + 1e-100);
    };
    let best = -Infinity;
    let own = Number.NaN;
    for (const { test: candidate, left } of allTests(table)) {
      const score = scoreOf(left);
      best = Math.max(best, score);
      const same = candidate.feature === chosen!.feature && candidate.bin === chosen!.bin;
      if (same && candidate.missingLeft === chosen!.missingLeft) own = score;
    }
    expect(own).toBeCloseTo(best, 4);
  }
});

test('an expanded oblivious tree decides like its levels, without unreachable branches', () => {
  const ordered: BinnedFeature = { kind: 'ordered', bins: 4, thresholds: Float32Array.of(1, 2, 3) };
  const features = [ordered, nominalFeature(3), ordered];
  const level = fc.record({
    feature: fc.integer({ min: 0, max: 2 }),
    bin: fc.integer({ min: 0, max: 2 }),
    missingLeft: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(level, { maxLength: 6 }), fc.boolean(), (tests, coarse) => {
      const values = Float64Array.from({ length: 2 << tests.length }, (_, i) => (coarse ? i % 2 : i));
      const tree = expandOblivious(tests, values, 2, features);
      expect(tree.leaves).toBe(tree.nodes + 1);
      const reached = new Set<number>();
      for (let a = 0; a < 5; a++) {
        for (let b = 0; b < 3; b++) {
          for (let c = 0; c < 5; c++) {
            const codes = [a, b, c];
            const table = { rows: 1, features, columns: codes.map((code) => Uint8Array.of(code)) };
            let index = 0;
            tests.forEach((t, d) => {
              const code = codes[t.feature]!;
              const left = t.feature === 1 ? code !== t.bin : code === 4 ? t.missingLeft : code <= t.bin;
              if (!left) index |= 1 << d;
            });
            const leaf = leafOf(tree, table, 0);
            reached.add(leaf);
            expect(Array.from(tree.values.subarray(2 * leaf, 2 * leaf + 2))).toEqual(
              Array.from(values.subarray(2 * index, 2 * index + 2)),
            );
          }
        }
      }
      expect(reached.size).toBe(tree.leaves);
    }),
  );
});

test('partitioning is stable on both sides', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 }), (bins) => {
      const rows = Int32Array.from(bins.keys());
      const goesLeft = Uint8Array.from({ length: 256 }, (_, b) => b % 2);
      const left = partitionRows(rows, 0, rows.length, Uint8Array.from(bins), goesLeft, new Int32Array(rows.length));
      const expected = [...bins.keys()].filter((i) => bins[i]! % 2 === 1);
      expect(left).toBe(expected.length);
      expect(Array.from(rows)).toEqual([...expected, ...[...bins.keys()].filter((i) => bins[i]! % 2 === 0)]);
    }),
  );
});

test('a heap gives back its items by falling key', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (keys) => {
      const heap = new MaxHeap<number>();
      for (const key of keys) heap.push(key, key);
      const out: number[] = [];
      while (heap.size > 0) out.push(heap.pop()!);
      expect(out).toEqual([...keys].sort((a, b) => b - a));
    }),
  );
});
