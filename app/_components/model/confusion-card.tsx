/** Who was taken for whom: counts with the share of each actual class. */
import type { Report } from '#core/contracts/views.ts';
import { cx } from '../../_lib/cx.ts';
import { formatCount, formatPercent } from '../../_lib/format.ts';
import { Table, Td, Th } from '../ui/index.ts';

const shownClasses = 12;

export function ConfusionTable({ confusion }: { readonly confusion: NonNullable<Report['confusion']> }) {
  const { classes, counts } = confusion;
  const totals = counts.map((row) => row.reduce((sum, n) => sum + n, 0));
  // Of many classes the largest are shown; the rest are in the report.
  const order = classes.map((_, index) => index);
  const shown =
    classes.length > shownClasses
      ? order.sort((a, b) => (totals[b] ?? 0) - (totals[a] ?? 0)).slice(0, shownClasses)
      : order;
  return (
    <>
      <Table
        label="Confusion matrix: rows are actual classes, columns predicted ones"
        head={
          <>
            <Th>actual ↓ predicted →</Th>
            {shown.map((column) => (
              <Th key={column} end className="max-w-36 truncate">
                {classes[column]}
              </Th>
            ))}
          </>
        }
      >
        {shown.map((row) => (
          <tr key={row}>
            <Td className="max-w-40 truncate">{classes[row]}</Td>
            {shown.map((column) => {
              const count = counts[row]?.[column] ?? 0;
              const share = totals[row] ? count / totals[row] : 0;
              return (
                <td
                  key={column}
                  className="relative h-8 border-b border-line px-2.5 text-right whitespace-nowrap last:pr-4"
                >
                  <span
                    aria-hidden
                    className={cx('absolute inset-0', row === column ? 'bg-ink' : 'bg-bad')}
                    style={{ opacity: 0.12 * share }}
                  />
                  <span className="relative">
                    <span className={cx(row === column && 'font-semibold')}>{formatCount(count)}</span>{' '}
                    <span className="text-muted">{formatPercent(share)}</span>
                  </span>
                </td>
              );
            })}
          </tr>
        ))}
      </Table>
      {classes.length > shownClasses ? (
        <p className="px-4 pt-2 text-label text-muted">
          The {shownClasses} largest of {classes.length} classes.
        </p>
      ) : null}
    </>
  );
}
