import { cx } from '../../_lib/cx.ts';
import { significant } from '../../_lib/format.ts';
import type { ChartTable } from './export.ts';

const shownRows = 500;

/** The numbers behind a chart, in its place and size. */
export function ChartTableView({
  label,
  table,
  heightClass,
}: {
  readonly label: string;
  readonly table: ChartTable;
  readonly heightClass: string;
}) {
  const rows = table.rows.slice(0, shownRows);
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className={cx('relative overflow-auto rounded-md border border-line', heightClass)}
    >
      <table className="w-full border-separate border-spacing-0 text-table">
        <thead className="sticky top-0 bg-panel">
          <tr>
            {table.columns.map((column) => (
              <th
                key={column}
                scope="col"
                className="h-8 border-b border-line px-2.5 text-left text-label font-medium text-muted"
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of numbers have no other identity
            <tr key={index}>
              {row.map((value, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their place
                <td key={column} className="h-7 border-b border-line px-2.5 whitespace-nowrap">
                  {typeof value === 'number' ? significant(value, 6) : value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {table.rows.length > shownRows ? (
        <p className="p-2.5 text-label text-muted">
          The first {shownRows} of {table.rows.length.toLocaleString('en-US')} rows; the CSV has all.
        </p>
      ) : null}
    </section>
  );
}
