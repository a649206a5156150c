/** Table parts for lists that fit the page. Long lists use `VirtualTable`. */
import type { ReactNode } from 'react';
import { cx } from '../../_lib/cx.ts';

export interface TableProps {
  /** Names the table for assistive technology. */
  readonly label: string;
  /** `Th`s. */
  readonly head: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A table that scrolls sideways inside its card when the page is narrow. */
export function Table({ label, head, children, className }: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section aria-label={label} tabIndex={0} className="relative overflow-x-auto focus-visible:-outline-offset-2">
      <table aria-label={label} className={cx('w-full border-collapse text-table', className)}>
        <thead>
          <tr>{head}</tr>
        </thead>
        <tbody className="[&>tr:last-child>td]:border-b-0">{children}</tbody>
      </table>
    </section>
  );
}

export interface CellProps {
  readonly children?: ReactNode;
  /** Numbers stand at the right. */
  readonly end?: boolean;
  readonly className?: string;
  readonly colSpan?: number;
}

export function Th({ children, end, className, colSpan }: CellProps) {
  return (
    <th
      scope="col"
      colSpan={colSpan}
      className={cx(
        'h-8 border-b border-line px-2.5 text-label font-medium whitespace-nowrap text-muted first:pl-4 last:pr-4',
        end ? 'text-right' : 'text-left',
        className,
      )}
    >
      {children}
    </th>
  );
}

export function Td({ children, end, className, colSpan }: CellProps) {
  return (
    <td
      colSpan={colSpan}
      className={cx(
        'h-8 border-b border-line px-2.5 whitespace-nowrap first:pl-4 last:pr-4',
        end && 'text-right',
        className,
      )}
    >
      {children}
    </td>
  );
}

/** A row; `covered` rows hold one `cover-link` that makes the whole row the target. */
export function Tr({
  children,
  covered,
  best,
}: {
  readonly children: ReactNode;
  readonly covered?: boolean;
  readonly best?: boolean;
}) {
  return (
    <tr className={cx('transition-colors', covered && 'relative hover:bg-sunk', best && 'bg-ember-wash')}>
      {children}
    </tr>
  );
}
