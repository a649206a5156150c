/** Placeholders with the final layout's size: loading must not move anything. */
import { cx } from '../../_lib/cx.ts';

export function Skeleton({ className }: { readonly className?: string }) {
  return <span aria-hidden className={cx('breathe block h-3 rounded-sm bg-sunk', className)} />;
}

const widths = ['w-3/5', 'w-2/5', 'w-1/2', 'w-1/3', 'w-2/3'];

/** Rows for the body of a table that is still loading. */
export function SkeletonRows({ rows, columns }: { readonly rows: number; readonly columns: number }) {
  return Array.from({ length: rows }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
    <tr key={row}>
      {Array.from({ length: columns }, (_, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <td key={column} className="h-8 border-b border-line px-2.5 first:pl-4 last:pr-4">
          <Skeleton className={widths[(row * 2 + column) % widths.length]} />
        </td>
      ))}
    </tr>
  ));
}
