/** Designs as rows of small integers, one column per decision anywhere in the space, for predictors and distances. */
import { type Decision, type Design, levelsOf, type Space, type Value } from '../spaces/space.ts';

/** A decision that is not open in a design. */
export const INACTIVE = 255;

export interface EncodedColumn {
  readonly name: string;
  /** Values in the order of the space. */
  readonly values: readonly Value[];
  readonly ordered: boolean;
}

export interface Encoding {
  readonly columns: readonly EncodedColumn[];
  /** Level of each column's decision, or `INACTIVE` (unknown words too); numbers between levels take the nearest. */
  encode(design: Design): Uint8Array;
}

interface Node {
  readonly column: number;
  readonly decision: Decision;
  /** By option of a choice. */
  readonly opens: ReadonlyMap<Value, readonly Node[]>;
}

/** The encoding of a space. Throws a RangeError when a decision has more than 254 values. */
export function encodingOf(space: Space): Encoding {
  const columns: EncodedColumn[] = [];
  const walk = (decisions: readonly Decision[]): Node[] =>
    decisions.map((decision) => {
      const values = decision.kind === 'range' ? levelsOf(decision) : decision.options.map(({ value }) => value);
      if (values.length >= INACTIVE) throw new RangeError(`${decision.name} has more than ${INACTIVE - 1} values.`);
      const column =
        columns.push({
          name: decision.name,
          values,
          ordered: decision.kind === 'range' || decision.ordered === true,
        }) - 1;
      const opens = new Map<Value, readonly Node[]>();
      if (decision.kind === 'choice')
        for (const option of decision.options) if (option.opens) opens.set(option.value, walk(option.opens));
      return { column, decision, opens };
    });
  const roots = walk(space.decisions);
  return {
    columns,
    encode(design) {
      const codes = new Uint8Array(columns.length).fill(INACTIVE);
      const visit = (nodes: readonly Node[]) => {
        for (const { column, decision, opens } of nodes) {
          const value = design[decision.name] ?? decision.fallback;
          const level = levelOf(columns[column]!.values, value);
          if (level >= 0) codes[column] = level;
          const open = opens.get(value);
          if (open) visit(open);
        }
      };
      visit(roots);
      return codes;
    },
  };
}

function levelOf(values: readonly Value[], value: Value): number {
  const exact = values.indexOf(value);
  if (exact >= 0 || typeof value !== 'number') return exact;
  let best = 0;
  values.forEach((level, i) => {
    const distance = (v: Value) => (typeof v === 'number' ? Math.abs(v - value) : Number.POSITIVE_INFINITY);
    if (distance(level) < distance(values[best]!)) best = i;
  });
  return best;
}

/**
 * How alike two levels are, from 0 to 1, as one table per column [levels + 1, levels + 1]; the last level is
 * `INACTIVE`. Unordered values are equal or not; ordered ones lose a half at a quarter of the range.
 */
export function similarityTables(encoding: Encoding): { readonly size: number; readonly tables: Float32Array } {
  const size = 1 + encoding.columns.reduce((most, { values }) => Math.max(most, values.length), 0);
  const tables = new Float32Array(encoding.columns.length * size * size);
  encoding.columns.forEach(({ values, ordered }, d) => {
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) {
        const distance = Math.abs(a - b) / Math.max(1, values.length - 1);
        const alike = a === b ? 1 : ordered && a < size - 1 && b < size - 1 ? 0.5 ** (4 * distance) : 0;
        tables[(d * size + a) * size + b] = values.length > 1 ? alike : 1;
      }
    }
  });
  return { size, tables };
}

const levelCache = new WeakMap<Uint8Array, Uint8Array>();

/** Codes with closed decisions as the last of `size` levels; remembered with the codes, which must not change. */
export function closedLast(codes: Uint8Array, size: number): Uint8Array {
  let levels = levelCache.get(codes);
  if (!levels) {
    levels = codes.map((code) => (code === INACTIVE ? size - 1 : code));
    levelCache.set(codes, levels);
  }
  return levels;
}
