/** Oblivious (symmetric) trees: one test per level. Turned into ordinary trees without branches nobody can reach. */
import { type BinTree, TreeBuffer } from './bin-tree.ts';
import type { BinnedFeature } from './table.ts';

export interface LevelTest {
  readonly feature: number;
  readonly bin: number;
  readonly missingLeft: boolean;
}

/** What is still possible for one feature on a path: value bins low..high, and a missing value. */
interface Possible {
  readonly low: number;
  readonly high: number;
  readonly missing: boolean;
  /** Codes of a nominal feature known not to hold. */
  readonly excluded: readonly number[];
}

/**
 * @param values leaf values, leaf after leaf; bit d of a leaf's index is 1 where test d sends it right
 * @param outputs values per leaf
 */
export function expandOblivious(
  tests: readonly LevelTest[],
  values: Float64Array,
  outputs: number,
  features: readonly BinnedFeature[],
): BinTree {
  const buffer = new TreeBuffer(1 << tests.length, outputs);
  buffer.leaves = 0;
  const possible = new Map<number, Possible>();
  grow(0, 0);
  return buffer.freeze(outputs);

  /** Writes the subtree below `level` and returns the reference to it. */
  function grow(level: number, leaf: number): number {
    if (level === tests.length || isConstant(level, leaf)) {
      buffer.values.set(values.subarray(leaf * outputs, (leaf + 1) * outputs), buffer.leaves * outputs);
      return ~buffer.leaves++;
    }
    const test = tests[level]!;
    const before = possible.get(test.feature) ?? everything(features[test.feature]!);
    const [left, right] = halves(before, test, features[test.feature]!);
    const rightLeaf = leaf | (1 << level);
    if (!left || !right) return grow(level + 1, left ? leaf : rightLeaf);
    const node = buffer.nodes++;
    buffer.feature[node] = test.feature;
    buffer.bin[node] = test.bin;
    buffer.missingLeft[node] = test.missingLeft ? 1 : 0;
    possible.set(test.feature, left);
    buffer.left[node] = grow(level + 1, leaf);
    possible.set(test.feature, right);
    buffer.right[node] = grow(level + 1, rightLeaf);
    possible.set(test.feature, before);
    return node;
  }

  /** Whether all leaves below have the same values. */
  function isConstant(level: number, leaf: number): boolean {
    const count = 1 << (tests.length - level);
    for (let i = 1; i < count; i++) {
      const other = leaf | (i << level);
      for (let k = 0; k < outputs; k++) {
        if (values[other * outputs + k] !== values[leaf * outputs + k]) return false;
      }
    }
    return true;
  }
}

function everything(feature: BinnedFeature): Possible {
  return { low: 0, high: feature.bins - 1, missing: feature.kind === 'ordered', excluded: [] };
}

/** The two sides of a test; undefined where nothing can go. */
function halves(
  before: Possible,
  test: LevelTest,
  feature: BinnedFeature,
): [Possible | undefined, Possible | undefined] {
  const { low, high, missing, excluded } = before;
  if (feature.kind === 'nominal') {
    const pinned = low === high;
    if (excluded.includes(test.bin) || (pinned && low !== test.bin)) return [before, undefined];
    if (pinned) return [undefined, before];
    const left = { ...before, excluded: [...excluded, test.bin] };
    return [
      left.excluded.length < feature.bins ? left : undefined,
      { low: test.bin, high: test.bin, missing: false, excluded: [] },
    ];
  }
  const sides = [
    { low, high: Math.min(high, test.bin), missing: missing && test.missingLeft, excluded },
    { low: Math.max(low, test.bin + 1), high, missing: missing && !test.missingLeft, excluded },
  ];
  const [left, right] = sides.map((side) => (side.low <= side.high || side.missing ? side : undefined));
  return [left, right];
}
