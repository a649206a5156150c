'use client';
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../../_lib/cx.ts';
import type { Sorting } from './virtual-table.tsx';

export interface SortHeaderProps {
  readonly column: string;
  readonly end?: boolean;
  /** Undefined when the column cannot be sorted. */
  readonly sorting?: Sorting | null;
  readonly onSort?: (sorting: Sorting) => void;
  readonly children: ReactNode;
}

/** A column header that says and changes the order; numbers start with the largest. */
export function SortHeader({ column, end, sorting, onSort, children }: SortHeaderProps) {
  const active = sorting?.key === column;
  const order = active ? (sorting.descending ? 'descending' : 'ascending') : undefined;
  const Arrow = active && !sorting.descending ? ArrowUp : ArrowDown;
  return (
    <th
      scope="col"
      aria-sort={order}
      className={cx(
        'h-8 border-b border-line px-2.5 text-label font-medium whitespace-nowrap text-muted first:pl-4 last:pr-4',
        end ? 'text-right' : 'text-left',
      )}
    >
      {onSort ? (
        <button
          type="button"
          onClick={() => onSort({ key: column, descending: active ? !sorting.descending : Boolean(end) })}
          className={cx(
            'group inline-flex h-6 max-w-full items-center gap-1 rounded-sm hover:text-ink',
            end && 'flex-row-reverse',
            active && 'text-ink',
          )}
        >
          <span className="truncate">{children}</span>
          <Arrow
            aria-hidden
            className={cx(
              'size-3 shrink-0',
              !active && 'opacity-0 group-hover:opacity-60 group-focus-visible:opacity-60',
            )}
          />
        </button>
      ) : (
        children
      )}
    </th>
  );
}
