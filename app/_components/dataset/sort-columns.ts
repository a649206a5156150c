'use client';
import { parseAsString, useQueryState } from 'nuqs';
import type { ColumnProfile } from '#core/contracts/dataset.ts';
import type { Sorting } from '../ui/virtual-table.tsx';

/** The order of the column table, kept in the address as `missing` or `-missing` (falling). */
export function useColumnSorting(): readonly [Sorting | null, (sorting: Sorting) => void] {
  const [text, setText] = useQueryState('sort', parseAsString);
  const sorting = text ? { key: text.replace(/^-/, ''), descending: text.startsWith('-') } : null;
  return [sorting, (next) => void setText(`${next.descending ? '-' : ''}${next.key}`)];
}

/** Columns in the wanted order; without one they stand as in the file. */
export function sortColumns(
  columns: readonly ColumnProfile[],
  sorting: Sorting | null,
  links: Readonly<Record<string, number>> | null,
): readonly ColumnProfile[] {
  if (!sorting) return columns;
  const value = (one: ColumnProfile): number | string => {
    if (sorting.key === 'missing') return one.missing;
    if (sorting.key === 'distinct') return one.distinct;
    if (sorting.key === 'link') return links?.[one.name] ?? -1;
    return sorting.key === 'type' ? one.type : one.name.toLowerCase();
  };
  const sign = sorting.descending ? -1 : 1;
  return [...columns].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    return sign * (x < y ? -1 : x > y ? 1 : 0);
  });
}
