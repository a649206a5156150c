'use client';
import { useRef } from 'react';

/**
 * Keeps the order of rows while `hold` is true: contents stay current, rows that are new go to the end, so that
 * nothing moves under the pointer. Without `hold` the rows pass through.
 */
export function useSettledRows<Row>(
  rows: readonly Row[],
  keyOf: (row: Row, index: number) => string,
  hold: boolean,
): readonly Row[] {
  const order = useRef<readonly string[] | null>(null);
  if (!hold) {
    order.current = null;
    return rows;
  }
  const byKey = new Map(rows.map((row, index) => [keyOf(row, index), row]));
  order.current ??= [...byKey.keys()];
  const kept = order.current.filter((key) => byKey.has(key));
  const known = new Set(kept);
  const added = [...byKey.keys()].filter((key) => !known.has(key));
  order.current = [...kept, ...added];
  return order.current.flatMap((key) => byKey.get(key) ?? []);
}
