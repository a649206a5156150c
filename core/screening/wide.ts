/** Which tables have so many columns that designs may look at the most telling ones only. */
import type { Design } from '../spaces/space.ts';

export interface ColumnCounts {
  readonly numericColumns?: number;
  readonly categoricalColumns?: number;
}

const WIDE = 1000;

const columnsOf = ({ numericColumns = 0, categoricalColumns = 0 }: ColumnCounts): number =>
  numericColumns + categoricalColumns;

/** More features than any design needs at once. */
export const isWide = (counts: ColumnCounts): boolean => columnsOf(counts) > WIDE;

/** What a design looks at of a table: its decision `screen`, the kinds of columns in the same shares. */
export function screenedCounts<T extends ColumnCounts>(design: Design, counts: T): T {
  const all = columnsOf(counts);
  const most = typeof design.screen === 'number' && design.screen > 0 ? design.screen : all;
  if (most >= all) return counts;
  const share = (n = 0) => Math.round((n * most) / all);
  return {
    ...counts,
    numericColumns: share(counts.numericColumns),
    categoricalColumns: share(counts.categoricalColumns),
  };
}
