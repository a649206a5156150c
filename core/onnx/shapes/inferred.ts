/** What is known of a value before anything runs, and how sizes combine while some are names. */
import type { Dim, ElementType } from '../model.ts';

export interface Inferred {
  /** null: not known. */
  readonly type: ElementType | null;
  /** null: not even the rank is known. */
  readonly dims: readonly Dim[] | null;
  /** The elements of a short list of whole numbers that shapes are made of. */
  readonly elements?: readonly Dim[];
}

export const UNKNOWN: Inferred = { type: null, dims: null };

export const showDims = (dims: readonly Dim[] | null): string =>
  dims === null ? 'of any shape' : `[${dims.map((d) => d ?? '?').join(', ')}]`;

export const showInferred = ({ type, dims }: Inferred): string => `${type ?? 'any type'} ${showDims(dims)}`;

/** Whether two sizes could be one: names and unknown sizes could be anything. */
export const couldEqual = (a: Dim, b: Dim): boolean => typeof a !== 'number' || typeof b !== 'number' || a === b;

/** What is known of a size that is both `a` and `b`. */
export function narrower(a: Dim, b: Dim): Dim {
  if (typeof a === 'number') return a;
  return typeof b === 'number' ? b : (a ?? b);
}

/** The broadcast shape, or null where sizes contradict. */
export function broadcastDims(a: readonly Dim[], b: readonly Dim[]): Dim[] | null {
  const rank = Math.max(a.length, b.length);
  const dims: Dim[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[a.length - rank + i] ?? (i < rank - a.length ? 1 : null);
    const y = b[b.length - rank + i] ?? (i < rank - b.length ? 1 : null);
    if (x === 1) dims.push(y);
    else if (y === 1 || x === y) dims.push(x);
    else if (typeof x === 'number' && typeof y === 'number') return null;
    // A size above 1 wins; two names may yet be one size or 1.
    else dims.push(typeof x === 'number' ? x : typeof y === 'number' ? y : null);
  }
  return dims;
}

/** The product, null where a size is not known; a single name times 1 stays. */
export function productOfDims(dims: readonly Dim[]): Dim {
  const open = dims.filter((d) => d !== 1);
  if (open.length === 1) return open[0]!;
  return open.every((d) => typeof d === 'number') ? open.reduce<number>((a, d) => a * (d as number), 1) : null;
}

/** Every size changed by `change`; nothing is known of what is not known. */
export const mapDims = (dims: readonly Dim[] | null, change: (d: Dim, axis: number) => Dim): Dim[] | null =>
  dims === null ? null : dims.map(change);
