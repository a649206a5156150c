'use client';
/**
 * A table of any length: only the rows in sight are in the page. A native table, so that screen readers get headers
 * and counts; rows move with the arrow keys, Home and End, and open with Enter.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { cx } from '../../_lib/cx.ts';
import { useSettledRows } from '../../_lib/use-settled-rows.ts';
import { SortHeader } from './sort-header.tsx';

export interface Sorting {
  readonly key: string;
  readonly descending: boolean;
}

export interface VirtualColumn<Row> {
  readonly key: string;
  readonly header: ReactNode;
  readonly cell: (row: Row, index: number) => ReactNode;
  /** A CSS length; columns without one share what is left. */
  readonly width?: string;
  readonly end?: boolean;
  readonly sortable?: boolean;
  readonly className?: string;
}

export interface VirtualTableProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly VirtualColumn<Row>[];
  readonly rowKey: (row: Row, index: number) => string;
  /** Height of a row in CSS pixels on the 4-pixel grid; default 32. */
  readonly rowHeight?: number;
  /** Class that limits the height; default fits a page. */
  readonly heightClass?: string;
  /** Least width before the table scrolls sideways. */
  readonly minWidth?: string;
  readonly sorting?: Sorting | null;
  readonly onSort?: (sorting: Sorting) => void;
  readonly onOpen?: (row: Row) => void;
  readonly openKey?: string | null;
  readonly rowClass?: (row: Row) => string | null | undefined;
  /** Rows that change while one looks: their order holds while the pointer is over the table. */
  readonly live?: boolean;
  /** Shown instead of rows. */
  readonly empty?: ReactNode;
  /** Called when the rows near the end come into sight, for lists that load by page. */
  readonly onNearEnd?: () => void;
  /** All rows there are, when more exist than are loaded. */
  readonly total?: number;
}

export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { label, columns, rowKey, rowHeight = 32, heightClass = 'max-h-[34rem]', minWidth, sorting, onSort } = props;
  const { onOpen, openKey, rowClass, live = false, empty, onNearEnd, total } = props;
  const frame = useRef<HTMLElement>(null);
  const [hovered, setHovered] = useState(false);
  const [current, setCurrent] = useState(0);
  const rows = useSettledRows(props.rows, rowKey, live && hovered);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollPaddingStart: 32,
    onChange: (instance) => {
      const last = instance.range?.endIndex ?? 0;
      if (onNearEnd && last >= rows.length - 20) onNearEnd();
    },
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.start ?? 0;
  const rest = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);

  const move = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setCurrent(next);
    virtual.scrollToIndex(next);
    requestAnimationFrame(() => {
      frame.current?.querySelector<HTMLElement>(`tr[data-row="${next}"]`)?.focus({ preventScroll: true });
    });
  };
  const onKey = (event: KeyboardEvent, index: number) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((frame.current?.clientHeight ?? 320) / rowHeight) - 2);
    const steps: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: index + page,
      PageUp: index - page,
      Home: 0,
      End: rows.length - 1,
    };
    const target = steps[event.key];
    const row = rows[index];
    if (target !== undefined) {
      event.preventDefault();
      move(target);
    } else if (event.key === 'Enter' && onOpen && row !== undefined) {
      event.preventDefault();
      onOpen(row);
    }
  };

  return (
    <section
      ref={frame}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
      className={cx('relative overflow-auto rounded-b-lg focus-visible:-outline-offset-2', heightClass)}
    >
      <table
        role={onOpen ? 'grid' : undefined}
        aria-label={label}
        aria-rowcount={(total ?? rows.length) + 1}
        className="w-full table-fixed border-separate border-spacing-0 text-table"
        style={{ minWidth }}
      >
        <colgroup>
          {columns.map((column) => (
            <col key={column.key} style={{ width: column.width }} />
          ))}
        </colgroup>
        <thead className="sticky top-0 z-10 bg-panel">
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <SortHeader
                key={column.key}
                column={column.key}
                end={column.end}
                sorting={column.sortable ? (sorting ?? null) : undefined}
                onSort={column.sortable ? onSort : undefined}
              >
                {column.header}
              </SortHeader>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.length === 0 && empty ? (
            <tr>
              <td colSpan={columns.length}>{empty}</td>
            </tr>
          ) : null}
          {first > 0 ? <tr aria-hidden style={{ height: first }} /> : null}
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            const key = rowKey(row, item.index);
            return (
              <tr
                key={key}
                data-row={item.index}
                aria-rowindex={item.index + 2}
                aria-selected={onOpen ? key === openKey : undefined}
                tabIndex={onOpen ? (item.index === current ? 0 : -1) : undefined}
                onKeyDown={onOpen ? (event) => onKey(event, item.index) : undefined}
                onFocus={onOpen ? () => setCurrent(item.index) : undefined}
                onClick={onOpen ? () => onOpen(row) : undefined}
                style={{ height: rowHeight }}
                className={cx(
                  'transition-colors focus-visible:-outline-offset-2',
                  onOpen && 'cursor-pointer hover:bg-sunk',
                  key === openKey && 'bg-sunk',
                  rowClass?.(row),
                )}
              >
                {columns.map((column) => (
                  <td
                    key={column.key}
                    className={cx(
                      'truncate border-b border-line px-2.5 first:pl-4 last:pr-4',
                      column.end && 'text-right',
                      column.className,
                    )}
                  >
                    {column.cell(row, item.index)}
                  </td>
                ))}
              </tr>
            );
          })}
          {rest > 0 ? <tr aria-hidden style={{ height: rest }} /> : null}
        </tbody>
      </table>
    </section>
  );
}
