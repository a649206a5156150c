'use client';
/** Raw rows, windowed both ways: ten thousand rows and thousands of columns cost what is in sight. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, useEffect, useEffectEvent, useRef } from 'react';
import type { ColumnProfile, Profile } from '#core/contracts/dataset.ts';
import { cx } from '../../_lib/cx.ts';
import { typeWords } from '../../_lib/dataset-words.ts';
import { formatCount } from '../../_lib/format.ts';

export interface PreviewTableProps {
  readonly profile: Profile;
  /** Rows that can be shown. */
  readonly total: number;
  /** A row's values as text, null for missing; undefined while its page is on the way. */
  readonly rowAt: (index: number) => readonly (string | null)[] | undefined;
  /** Told which rows are in sight. */
  readonly onRange: (first: number, last: number) => void;
}

const rowHeight = 28;
const numberWidth = 64;

/** Enough for the name and the commonest value, within bounds. */
function widthOf(column: ColumnProfile): number {
  const longest = Math.max(column.name.length + 2, ...column.top.slice(0, 3).map((one) => one.value.length));
  return Math.min(280, Math.max(88, 20 + longest * 7.5));
}

export function PreviewTable({ profile, total, rowAt, onRange }: PreviewTableProps) {
  const frame = useRef<HTMLElement>(null);
  const { columns } = profile;
  const down = useVirtualizer({
    count: total,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const across = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => frame.current,
    estimateSize: (index) => widthOf(columns[index] as ColumnProfile),
    paddingStart: numberWidth,
    overscan: 4,
  });
  const lines = down.getVirtualItems();
  const cells = across.getVirtualItems();
  const first = lines[0]?.index ?? 0;
  const last = lines.at(-1)?.index ?? 0;
  const seen = useEffectEvent(onRange);
  useEffect(() => seen(first, last), [first, last]);
  const before = (cells[0]?.start ?? numberWidth) - numberWidth;
  const after = across.getTotalSize() - (cells.at(-1)?.end ?? numberWidth);
  const gap = (size: number): CSSProperties => ({ width: size, minWidth: size, padding: 0, border: 0 });
  const cellClass = 'truncate border-b border-line px-2.5';
  return (
    <section
      ref={frame}
      aria-label="Rows"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="relative mt-2 max-h-[32rem] overflow-auto rounded-b-lg focus-visible:-outline-offset-2"
    >
      <table
        aria-label="Rows"
        aria-rowcount={total + 1}
        aria-colcount={columns.length + 1}
        className="table-fixed border-separate border-spacing-0 text-table"
        style={{ width: across.getTotalSize(), minWidth: '100%' }}
      >
        <thead className="sticky top-0 z-10 bg-panel">
          <tr>
            <th
              scope="col"
              className="h-10 border-b border-line pl-4 text-left text-label font-medium text-faint"
              style={{ width: numberWidth }}
            >
              #
            </th>
            {before > 0 ? <td style={gap(before)} /> : null}
            {cells.map((cell) => {
              const column = columns[cell.index] as ColumnProfile;
              return (
                <th
                  key={cell.key}
                  scope="col"
                  aria-colindex={cell.index + 2}
                  title={column.name}
                  style={{ width: cell.size }}
                  className={cx(
                    'h-10 border-b border-line px-2.5 text-label',
                    column.type === 'number' ? 'text-right' : 'text-left',
                  )}
                >
                  <span className="block truncate font-medium text-ink">{column.name}</span>
                  <span className="block font-normal text-faint">{typeWords[column.type]}</span>
                </th>
              );
            })}
            {after > 0 ? <td style={gap(after)} /> : null}
          </tr>
        </thead>
        <tbody>
          {lines[0] && lines[0].start > 0 ? <tr aria-hidden style={{ height: lines[0].start }} /> : null}
          {lines.map((line) => {
            const row = rowAt(line.index);
            return (
              <tr key={line.key} aria-rowindex={line.index + 2} style={{ height: rowHeight }}>
                <td className="border-b border-line pl-4 text-label text-faint">{formatCount(line.index + 1)}</td>
                {before > 0 ? <td style={gap(before)} /> : null}
                {cells.map((cell) => {
                  const value = row?.[cell.index];
                  const number = columns[cell.index]?.type === 'number';
                  return (
                    <td
                      key={cell.key}
                      aria-colindex={cell.index + 2}
                      title={row === undefined ? undefined : (value ?? 'missing')}
                      className={cx(cellClass, number && 'text-right', value == null && 'text-faint')}
                    >
                      {row === undefined ? '' : (value ?? '–')}
                    </td>
                  );
                })}
                {after > 0 ? <td style={gap(after)} /> : null}
              </tr>
            );
          })}
          <tr aria-hidden style={{ height: Math.max(0, down.getTotalSize() - (lines.at(-1)?.end ?? 0)) }} />
        </tbody>
      </table>
    </section>
  );
}
