/** The designs that a proposer chooses from, encoded once per search. */
import type { Random } from '../math/random.ts';
import { DesignKernel, type DesignRows } from '../predictors/design-kernel.ts';
import { type Encoding, encodingOf } from '../predictors/encoding.ts';
import { normalScores } from '../predictors/normal-scores.ts';
import { type Design, mutateDesign, sampleDesign } from '../spaces/space.ts';
import { designKey } from './history.ts';
import type { ProposerSetup } from './proposer.ts';

export interface SearchSpace {
  readonly encoding: Encoding;
  readonly kernel: DesignKernel;
  /** Normal score of a design on each task of the bank. */
  readonly bankScores: readonly ReadonlyMap<string, number>[];
  /** All designs that can be evaluated, with their keys and rows, where they are listed. */
  readonly listed: {
    readonly designs: readonly Design[];
    readonly keys: readonly string[];
    /** The keys again. */
    readonly known: ReadonlySet<string>;
    readonly rows: DesignRows;
  } | null;
  rowsOf(designs: readonly Design[], keys?: readonly string[]): DesignRows;
}

const cache = new WeakMap<ProposerSetup, SearchSpace>();

/** Everything that follows from the setup alone; remembered, since states are JSON and hold none of it. */
export function searchSpaceOf(setup: ProposerSetup): SearchSpace {
  const known = cache.get(setup);
  if (known) return known;
  const encoding = encodingOf(setup.space);
  const bankScores = setup.bank.map(({ losses }) => {
    const scores = normalScores([...losses.values()]);
    return new Map([...losses.keys()].map((key, i) => [key, scores[i]!]));
  });
  const rowsOf = (designs: readonly Design[], keys = designs.map(designKey)): DesignRows => {
    const width = encoding.columns.length;
    const tasks = bankScores.length;
    const codes = new Uint8Array(designs.length * width);
    const bank = new Float32Array(designs.length * tasks);
    designs.forEach((design, i) => {
      codes.set(encoding.encode(design), i * width);
      bankScores.forEach((scores, t) => {
        bank[i * tasks + t] = scores.get(keys[i]!) ?? 0;
      });
    });
    return { count: designs.length, codes, bank, tasks };
  };
  const { candidates } = setup;
  const keys = candidates?.map(designKey) ?? [];
  const space: SearchSpace = {
    encoding,
    kernel: new DesignKernel(encoding),
    bankScores,
    listed: candidates ? { designs: candidates, keys, known: new Set(keys), rows: rowsOf(candidates, keys) } : null,
    rowsOf,
  };
  cache.set(setup, space);
  return space;
}

/** A design that is not in `taken`, drawn from the list or the space; null when thirty draws find none. */
export function drawNew(setup: ProposerSetup, taken: ReadonlySet<string>, random: Random): Design | null {
  const { listed } = searchSpaceOf(setup);
  if (listed) {
    if (taken.size >= listed.designs.length) return listed.designs.find((_, i) => !taken.has(listed.keys[i]!)) ?? null;
    for (;;) {
      const i = random.integer(listed.designs.length);
      if (!taken.has(listed.keys[i]!)) return listed.designs[i]!;
    }
  }
  for (let draw = 0; draw < 30; draw++) {
    const design = sampleDesign(setup.space, random);
    if (!taken.has(designKey(design))) return design;
  }
  return null;
}

/** Whether a design can be evaluated at all, as far as is known beforehand. */
export function isListed(setup: ProposerSetup, key: string): boolean {
  return searchSpaceOf(setup).listed?.known.has(key) ?? true;
}

/** A mutation of `parent` by one decision, new and possible; null when forty draws find none. */
export function mutateNew(
  setup: ProposerSetup,
  parent: Design,
  taken: ReadonlySet<string>,
  random: Random,
): { readonly design: Design; readonly changed: string } | null {
  for (let draw = 0; draw < 40; draw++) {
    const mutated = mutateDesign(setup.space, parent, random);
    if (!mutated) return null;
    const key = designKey(mutated.design);
    if (!taken.has(key) && isListed(setup, key)) return mutated;
  }
  return null;
}
