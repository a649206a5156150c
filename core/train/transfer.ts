/** Parameters of one network as those of another that has some of the same names. */
import type { Layout, LayoutEntry } from './layout.ts';

export interface TransferOptions {
  /** Precedes names in the layout that is read, or in the one that is written. */
  readonly fromPrefix?: string;
  readonly toPrefix?: string;
}

/**
 * Copies all parameters whose names are in both layouts, of as many members as `target` has, into `target`. A parameter
 * that is smaller there along some axes gets the leading part. Returns how many parameters were copied. Throws a RangeError
 * where one is larger there.
 */
export function transferParameters(
  from: Layout,
  source: Float32Array,
  to: Layout,
  target: Float32Array,
  { fromPrefix = '', toPrefix = '' }: TransferOptions = {},
): number {
  const members = target.length / to.size;
  const byName = new Map(from.entries.map((e) => [e.name, e]));
  let copied = 0;
  for (const entry of to.entries) {
    if (!entry.name.startsWith(toPrefix)) continue;
    const original = byName.get(fromPrefix + entry.name.slice(toPrefix.length));
    if (!original) continue;
    for (let k = 0; k < members; k++) {
      const read = source.subarray(k * from.size + original.offset, k * from.size + original.offset + original.size);
      copyLeading(read, original, target.subarray(k * to.size + entry.offset), entry);
    }
    copied++;
  }
  return copied;
}

/** The leading part of `source` along every axis but that of members. */
function copyLeading(source: Float32Array, from: LayoutEntry, target: Float32Array, to: LayoutEntry): void {
  const [wide, narrow] = [from.shape.slice(1), to.shape.slice(1)];
  if (wide.length !== narrow.length || narrow.some((d, i) => d > wide[i]!)) {
    throw new RangeError(`${to.name} of shape ${narrow} is no part of one of shape ${wide}.`);
  }
  const row = narrow.at(-1) ?? 1;
  for (let at = 0; at < to.size; at += row) {
    let [rest, place, stride] = [Math.floor(at / row), 0, wide.at(-1) ?? 1];
    for (let axis = narrow.length - 2; axis >= 0; axis--) {
      place += (rest % narrow[axis]!) * stride;
      rest = Math.floor(rest / narrow[axis]!);
      stride *= wide[axis]!;
    }
    target.set(source.subarray(place, place + row), at);
  }
}
