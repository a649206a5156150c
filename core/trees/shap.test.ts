import { describe, expect, it } from 'vitest';
import { Random } from '../math/random.ts';
import { boost } from './boost.ts';
import { predictTrees, type TreeEnsemble } from './ensemble.ts';
import { unpaced } from './pace.ts';
import { coverOf, treeShap } from './shap.ts';
import { binTable } from './table.ts';
import { plainOptions } from './testing/options.ts';

const ROWS = 300;

function sample(seed: number) {
  const random = new Random(seed);
  const columns = [0, 1, 2, 3].map(() => Float32Array.from({ length: ROWS }, () => random.normal()));
  for (let i = 0; i < 20; i++) columns[2]![i * 7] = Number.NaN;
  const targets = Float32Array.from(
    { length: ROWS },
    (_, i) => columns[0]![i]! * columns[1]![i]! + (columns[2]![i]! > 0.3 ? 2 : 0) + 0.1 * random.normal(),
  );
  return { columns, targets };
}

async function train(leaves: number, depth: number, rounds: number) {
  const { columns, targets } = sample(4);
  const { ensemble } = await boost(
    binTable(columns),
    { targets },
    undefined,
    { ...plainOptions, rounds, learningRate: 0.3, leaves, depth },
    unpaced,
  );
  return { ensemble, columns, cover: coverOf(ensemble, columns, ROWS) };
}

/** Expected output when only `known` features are known: both branches of the others, by cover. */
function conditional(
  ensemble: TreeEnsemble,
  columns: readonly Float32Array[],
  row: number,
  cover: Float64Array,
  known: number,
): number {
  const walk = (node: number): number => {
    const f = ensemble.feature[node]!;
    if (f < 0) return ensemble.values[ensemble.left[node]!]!;
    const [a, b] = [ensemble.left[node]!, ensemble.right[node]!];
    if ((known >> f) & 1) {
      const x = columns[f]![row]!;
      const left = x <= ensemble.threshold[node]! || (Number.isNaN(x) && ensemble.missingLeft[node] === 1);
      return walk(left ? a : b);
    }
    return (cover[a]! * walk(a) + cover[b]! * walk(b)) / cover[node]!;
  };
  let sum = ensemble.base[0]!;
  for (let t = 0; t < ensemble.targets.length; t++) sum += walk(ensemble.starts[t]!);
  return sum;
}

describe('TreeSHAP', () => {
  it('equals Shapley values by brute force on trees of depth 3', async () => {
    const { ensemble, columns, cover } = await train(8, 3, 5);
    const factorial = [1, 1, 2, 6, 24];
    for (let row = 0; row < 30; row++) {
      const shares = treeShap(ensemble, columns, row, cover);
      for (let f = 0; f < 4; f++) {
        let share = 0;
        for (let known = 0; known < 16; known++) {
          if ((known >> f) & 1) continue;
          const size = [0, 1, 2, 3].filter((k) => (known >> k) & 1).length;
          const weight = (factorial[size]! * factorial[3 - size]!) / factorial[4]!;
          const of = (coalition: number) => conditional(ensemble, columns, row, cover, coalition);
          share += weight * (of(known | (1 << f)) - of(known));
        }
        expect(Math.abs(shares[f]! - share)).toBeLessThan(1e-9);
      }
    }
  });

  it('sums to the prediction', async () => {
    const { ensemble, columns, cover } = await train(31, 0, 20);
    const predicted = predictTrees(ensemble, columns, ROWS);
    for (let row = 0; row < 25; row++) {
      const shares = treeShap(ensemble, columns, row, cover);
      expect(Math.abs(shares.reduce((a, b) => a + b, 0) - predicted[row]!)).toBeLessThan(1e-6);
    }
  });
});
