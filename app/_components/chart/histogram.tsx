/** A column's spread in one row of a table: counts as quiet bars. */
import { cx } from '../../_lib/cx.ts';

export interface HistogramProps {
  readonly counts: readonly number[];
  readonly label: string;
  readonly className?: string;
}

const width = 76;
const height = 20;

export function Histogram({ counts, label, className }: HistogramProps) {
  const most = Math.max(...counts, 1);
  const step = width / Math.max(counts.length, 1);
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label} className={cx('h-5 w-19', className)}>
      <title>{label}</title>
      {counts.map((count, index) => {
        const tall = count === 0 ? 0 : Math.max(1, (height * count) / most);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: bins keep their place
            key={index}
            className="fill-bar"
            x={(index * step).toFixed(2)}
            y={(height - tall).toFixed(2)}
            width={Math.max(0.5, step - (counts.length > 30 ? 0.4 : 1)).toFixed(2)}
            height={tall.toFixed(2)}
          />
        );
      })}
    </svg>
  );
}
