/**
 * Kernels between encoded designs: decisions one by one, decisions together, the same with what a bank taught about
 * options, and how designs did on other tasks.
 */
import { closedLast } from './encoding.ts';
import type { OptionTables } from './option-tables.ts';

/** Rows of codes, with what the bank says about each. */
export interface DesignRows {
  readonly count: number;
  /** [count, columns] */
  readonly codes: Uint8Array;
  /** Normal scores on the tasks of the bank, [count, tasks]; 0 where a task does not know the design. */
  readonly bank: Float32Array;
  readonly tasks: number;
}

/** Mean score of row `i` on the tasks of the bank; 0 from an empty bank. */
export function bankMean(rows: DesignRows, i: number): number {
  let sum = 0;
  for (let t = 0; t < rows.tasks; t++) sum += rows.bank[i * rows.tasks + t]!;
  return rows.tasks > 0 ? sum / rows.tasks : 0;
}

/** The rows `picked` of `rows`. */
export function takeRows(rows: DesignRows, picked: ArrayLike<number>): DesignRows {
  const width = rows.count > 0 ? rows.codes.length / rows.count : 0;
  const codes = new Uint8Array(picked.length * width);
  const bank = new Float32Array(picked.length * rows.tasks);
  for (let i = 0; i < picked.length; i++) {
    const row = picked[i]!;
    codes.set(rows.codes.subarray(row * width, (row + 1) * width), i * width);
    bank.set(rows.bank.subarray(row * rows.tasks, (row + 1) * rows.tasks), i * rows.tasks);
  }
  return { count: picked.length, codes, bank, tasks: rows.tasks };
}

/** What a kernel is made of. */
export const PARTS = ['separate', 'together', 'effects', 'exchange', 'bank', 'near'] as const;
type Part = (typeof PARTS)[number];
/** Share of each part; those left out are 0. */
export type KernelWeights = Readonly<Partial<Record<Part, number>>>;

/** Distances over which designs forget each other: in decisions, and in squared exchanges of normal scores. */
const REACH = 1.5;
const LEARNED_REACH = 3;

/** The parts between two sets of rows, each [a.count, b.count]. */
export type KernelParts = Readonly<Partial<Record<Part, Float32Array>>>;

export class DesignKernel {
  readonly tables: OptionTables;
  readonly columns: number;
  /** Score that a design is expected to have for each unit of its mean score in the bank. */
  readonly lean: number;

  constructor(tables: OptionTables, columns: number, lean = 1) {
    this.tables = tables;
    this.columns = columns;
    this.lean = lean;
  }

  /** Codes with closed decisions as the last level. */
  levelsOf(rows: DesignRows): Uint8Array {
    return closedLast(rows.codes, this.tables.size);
  }

  /** The parts that any of `wanted` weighs. */
  parts(a: DesignRows, b: DesignRows, wanted: readonly KernelWeights[]): KernelParts {
    const uses = (part: Part) => wanted.some((weights) => (weights[part] ?? 0) > 0);
    const cells = a.count * b.count;
    const { alike, distances, effects } = this.tables;
    const parts: Partial<Record<Part, Float32Array>> = {};
    if (uses('separate') || uses('together')) {
      const sums = this.sum(alike, a, b);
      if (uses('separate')) parts.separate = sums.map((s) => s / this.columns);
      if (uses('together')) parts.together = sums.map((s) => Math.exp((s - this.columns) / REACH));
    }
    if (uses('effects') && effects) parts.effects = this.sum(effects, a, b);
    if (uses('exchange') && distances)
      parts.exchange = this.sum(distances, a, b).map((distance) => Math.exp(-distance / LEARNED_REACH));
    if ((uses('bank') || uses('near')) && a.tasks > 0) {
      const dots = dotProducts(a, b);
      if (uses('near')) {
        const [own, other] = [squares(a), squares(b)];
        const near = new Float32Array(cells);
        for (let i = 0, at = 0; i < a.count; i++)
          for (let j = 0; j < b.count; j++, at++)
            near[at] = Math.exp(-Math.max(0, own[i]! + other[j]! - 2 * dots[at]!) / 2);
        parts.near = near;
      }
      parts.bank = dots;
    }
    return parts;
  }

  /** Distance of each row to the nearest of `targets`, up to a constant. */
  nearest(targets: DesignRows, rows: DesignRows): Float32Array {
    const { distances, alike } = this.tables;
    const sums = this.sum(distances ?? alike, targets, rows);
    const sign = distances ? 1 : -1;
    const least = new Float32Array(rows.count).fill(Number.POSITIVE_INFINITY);
    for (let p = 0, at = 0; p < targets.count; p++)
      for (let i = 0; i < rows.count; i++, at++) least[i] = Math.min(least[i]!, sign * sums[at]!);
    return least;
  }

  /** Sums of a table over columns, [a.count, b.count]. */
  private sum(table: Float32Array, a: DesignRows, b: DesignRows): Float32Array {
    const { columns } = this;
    const { size } = this.tables;
    const [left, right] = [this.levelsOf(a), this.levelsOf(b)];
    const out = new Float32Array(a.count * b.count);
    const offsets = new Int32Array(columns);
    for (let i = 0, at = 0; i < a.count; i++) {
      for (let d = 0; d < columns; d++) offsets[d] = (d * size + left[i * columns + d]!) * size;
      for (let j = 0; j < b.count; j++, at++) {
        let sum = 0;
        for (let d = 0; d < columns; d++) sum += table[offsets[d]! + right[j * columns + d]!]!;
        out[at] = sum;
      }
    }
    return out;
  }

  /** The weighted sum of parts. */
  combine(parts: KernelParts, weights: KernelWeights, cells: number): Float64Array {
    const out = new Float64Array(cells);
    for (const part of PARTS) {
      const weight = weights[part] ?? 0;
      const values = parts[part];
      if (weight > 0 && values) for (let i = 0; i < cells; i++) out[i]! += weight * values[i]!;
    }
    return out;
  }

  /** Prior variance of each row. */
  own(rows: DesignRows, weights: KernelWeights): Float64Array {
    const { columns } = this;
    const { size, effects } = this.tables;
    const constant =
      (weights.separate ?? 0) +
      (weights.together ?? 0) +
      (this.tables.distances ? (weights.exchange ?? 0) : 0) +
      (rows.tasks > 0 ? (weights.near ?? 0) : 0);
    const own = new Float64Array(rows.count).fill(constant);
    if (weights.bank && rows.tasks > 0)
      squares(rows).forEach((s, i) => {
        own[i]! += weights.bank! * s;
      });
    if (weights.effects && effects) {
      const levels = this.levelsOf(rows);
      for (let i = 0; i < rows.count; i++)
        for (let d = 0; d < columns; d++)
          own[i]! +=
            weights.effects * effects[(d * size + levels[i * columns + d]!) * size + levels[i * columns + d]!]!;
    }
    return own;
  }
}

/** Mean products of bank scores, [a.count, b.count]. */
function dotProducts(a: DesignRows, b: DesignRows): Float32Array {
  const { tasks } = a;
  const out = new Float32Array(a.count * b.count);
  for (let i = 0, at = 0; i < a.count; i++) {
    for (let j = 0; j < b.count; j++, at++) {
      let dot = 0;
      for (let t = 0; t < tasks; t++) dot += a.bank[i * tasks + t]! * b.bank[j * tasks + t]!;
      out[at] = dot / tasks;
    }
  }
  return out;
}

/** Mean square of each row's bank scores. */
function squares(rows: DesignRows): Float64Array {
  const { tasks, bank } = rows;
  return Float64Array.from({ length: rows.count }, (_, i) => {
    let sum = 0;
    for (let t = 0; t < tasks; t++) sum += bank[i * tasks + t]! ** 2;
    return sum / tasks;
  });
}
