/** Which columns matter: the loss of score when a column is shuffled, each with its whisker. */
import type { Report } from '#core/contracts/views.ts';
import { metricLabel, significant } from '../../_lib/format.ts';

const shownColumns = 10;

export interface ImportanceListProps {
  readonly report: Pick<Report, 'importance' | 'importanceNote' | 'metric'>;
  readonly all?: boolean;
}

export function ImportanceList({ report, all }: ImportanceListProps) {
  const sorted = [...report.importance].sort((a, b) => b.value - a.value);
  const shown = all ? sorted : sorted.slice(0, shownColumns);
  const most = Math.max(...sorted.flatMap((one) => [one.value, one.high]), 1e-12);
  const percent = (value: number) => `${(100 * Math.max(0, Math.min(most, value))) / most}%`;
  if (sorted.length === 0) {
    return <p className="text-table text-muted">{report.importanceNote ?? 'Not measured for this model.'}</p>;
  }
  return (
    <>
      <ul className="flex flex-col gap-1.5">
        {shown.map((one) => (
          <li
            key={one.column}
            className="grid grid-cols-[minmax(0,7.5rem)_minmax(0,1fr)_3.75rem] items-center gap-2.5 text-table"
          >
            <span className="truncate" title={one.column}>
              {one.column}
            </span>
            <span aria-hidden className="relative block h-3">
              <span className="absolute inset-x-0 top-0.75 h-1.5 rounded-full bg-sunk" />
              <span
                className="absolute top-0.75 left-0 h-1.5 rounded-full bg-ink"
                style={{ width: percent(one.value) }}
              />
              <span
                className="absolute top-1.25 h-0.5 bg-faint"
                style={{ left: percent(one.low), width: `calc(${percent(one.high)} - ${percent(one.low)})` }}
              />
              {[one.low, one.high].map((end, index) => (
                <span
                  // biome-ignore lint/suspicious/noArrayIndexKey: the two ends of one whisker
                  key={index}
                  className="absolute top-0.5 h-2 w-px bg-faint"
                  style={{ left: percent(end) }}
                />
              ))}
            </span>
            <span className="text-right text-muted" title={`${significant(one.low, 2)} to ${significant(one.high, 2)}`}>
              {significant(one.value, 2)}
              <span className="sr-only">
                , {significant(one.low, 2)} to {significant(one.high, 2)}
              </span>
            </span>
          </li>
        ))}
      </ul>
      <p className="mt-2 text-label text-muted">
        loss of {metricLabel(report.metric)} when the column is shuffled, with its spread
        {shown.length < sorted.length ? `; ${sorted.length - shown.length} more columns matter less` : ''}
        {report.importanceNote ? `. ${report.importanceNote}` : ''}
      </p>
    </>
  );
}
