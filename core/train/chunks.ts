/** Large data in parts: a call is handed only the rows that it reads, so that a device never holds more than a bound. */
import type { Tensor } from '../contracts/runtime.ts';

const bytesPerNumber: Readonly<Record<string, number>> = { float16: 2, float32: 4, int64: 8 };

/** Bytes of one row over all `tensors`, each [n, ...]. */
export function rowBytes(tensors: Readonly<Record<string, Tensor>>): number {
  return Object.values(tensors).reduce(
    (sum, { type, dims }) => sum + (bytesPerNumber[type] ?? 8) * dims.slice(1).reduce((a, b) => a * b, 1),
    0,
  );
}

/**
 * How many steps from step `from` on one call may take so that the rows they read fill at most `bytes`; at least one.
 * @param order row indices, `perStep` a step
 */
export function stepsWithin(order: BigInt64Array, perStep: number, from: number, bytes: number, each: number): number {
  const most = Math.max(1, Math.floor(bytes / Math.max(1, each)));
  const seen = new Set<bigint>();
  const steps = order.length / perStep;
  for (let step = from; step < steps; step++) {
    for (const row of order.subarray(step * perStep, (step + 1) * perStep)) seen.add(row);
    if (seen.size > most) return Math.max(1, step - from);
  }
  return steps - from;
}

/** The rows that `order` reads, and `order` in their numbering. */
export function compactRows(
  tensors: Readonly<Record<string, Tensor>>,
  order: BigInt64Array,
): { data: Record<string, Tensor>; order: BigInt64Array } {
  const places = new Map<bigint, bigint>();
  const renumbered = order.map((row) => {
    const place = places.get(row) ?? BigInt(places.size);
    places.set(row, place);
    return place;
  });
  const rows = Array.from(places.keys(), Number);
  const data = Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, rowsOf(tensor, rows)]));
  return { data, order: renumbered };
}

function rowsOf(tensor: Tensor, rows: readonly number[]): Tensor {
  const { dims, data } = tensor;
  if (Array.isArray(data)) throw new TypeError('Training data holds numbers.');
  const width = dims.slice(1).reduce((a, b) => a * b, 1);
  const source = data as Float32Array;
  const Numbers = source.constructor as Float32ArrayConstructor;
  const out = new Numbers(rows.length * width);
  rows.forEach((row, i) => {
    out.set(source.subarray(row * width, (row + 1) * width), i * width);
  });
  return { ...tensor, dims: [rows.length, ...dims.slice(1)], data: out };
}
