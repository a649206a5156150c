import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TreeEnsemble } from './ensemble.ts';
import { predictTrees } from './ensemble.ts';
import { isSound } from './sound.ts';

/** Two trees: a split on each of two features, and a single leaf. */
const made = (): TreeEnsemble => ({
  outputs: 1,
  base: Float64Array.of(0.5),
  nominal: Uint8Array.of(0, 1),
  starts: Int32Array.of(0, 5, 6),
  targets: Int32Array.of(0, 0),
  feature: Int32Array.of(0, 1, -1, -1, -1, -1),
  threshold: Float32Array.of(1, 3, 0, 0, 0, 0),
  missingLeft: Uint8Array.of(1, 0, 0, 0, 0, 0),
  left: Int32Array.of(1, 3, 0, 1, 2, 3),
  right: Int32Array.of(2, 4, 0, 0, 0, 0),
  values: Float32Array.of(1, 2, 3, 4),
});

it('takes trees that end', () => {
  expect(isSound(made(), 2)).toBe(true);
  expect(isSound(made(), 1)).toBe(false);
});

it('whatever it takes can be walked', () => {
  const name = fc.constantFrom('starts', 'targets', 'feature', 'left', 'right');
  const columns = [Float32Array.of(0, 2, Number.NaN), Float32Array.of(3, 3, 1)];
  fc.assert(
    fc.property(name, fc.nat(5), fc.integer({ min: -2, max: 9 }), (list, at, value) => {
      const trees = made();
      trees[list][at % trees[list].length] = value;
      if (!isSound(trees, 2)) return;
      for (const score of predictTrees(trees, columns, 3)) expect(score).not.toBeNaN();
    }),
  );
  const loop = made();
  loop.left[1] = 0;
  expect(isSound(loop, 2)).toBe(false);
});
