/**
 * The warm-start line in small: best so far in ember against the cold start's predicted band. Drawn as plain SVG so
 * that a list of fifty costs nothing.
 */
import type { Direction } from '#core/contracts/task.ts';
import { cx } from '../../_lib/cx.ts';

export interface WarmLineProps {
  /** Improvements in order: seconds on the search's clock and the score reached. */
  readonly best: readonly { readonly at: number; readonly value: number }[];
  /** Predicted cold start, when the bank knows one. */
  readonly cold?:
    | readonly { readonly seconds: number; readonly low: number; readonly value: number; readonly high: number }[]
    | null;
  readonly budgetSeconds: number;
  /** Where the clock stands; the line runs to here. */
  readonly elapsedSeconds?: number;
  readonly direction: Direction;
  readonly label: string;
  /** An ember dot at the end: still running. */
  readonly live?: boolean;
  readonly className?: string;
}

const width = 132;
const height = 24;
const pad = 3;

export function WarmLine(props: WarmLineProps) {
  const { best, cold, budgetSeconds, elapsedSeconds, direction, label, live, className } = props;
  const last = best.at(-1);
  const end = Math.max(budgetSeconds, elapsedSeconds ?? 0, last?.at ?? 0, 1);
  const values = [...best.map((point) => point.value), ...(cold ?? []).flatMap((point) => [point.low, point.high])];
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const x = (seconds: number) => pad + ((width - 2 * pad) * Math.min(seconds, end)) / end;
  const y = (value: number) => {
    const up = values.length === 0 ? 0 : (value - low) / span;
    return pad + (height - 2 * pad) * (direction === 'maximize' ? 1 - up : up);
  };
  const at = (seconds: number, value: number) => `${x(seconds).toFixed(1)} ${y(value).toFixed(1)}`;
  const step = best
    .map((point, index) =>
      index === 0 ? `M${at(point.at, point.value)}` : `H${x(point.at).toFixed(1)}V${y(point.value).toFixed(1)}`,
    )
    .join('');
  const tail = last ? `H${x(Math.max(elapsedSeconds ?? last.at, last.at)).toFixed(1)}` : '';
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
      className={cx('h-6 w-33 overflow-visible', className)}
      fill="none"
    >
      {cold && cold.length > 1 ? (
        <>
          <path
            className="fill-cold"
            d={`M${cold.map((point) => at(point.seconds, point.high)).join('L')}L${[...cold]
              .reverse()
              .map((point) => at(point.seconds, point.low))
              .join('L')}Z`}
          />
          <path
            className="stroke-faint"
            strokeDasharray="3 3"
            d={`M${cold.map((point) => at(point.seconds, point.value)).join('L')}`}
          />
        </>
      ) : (
        <path className="stroke-line-strong" d={`M${pad} ${height - pad}H${width - pad}`} />
      )}
      {last ? <path className="stroke-ember" strokeWidth="1.75" strokeLinejoin="round" d={step + tail} /> : null}
      {last && live ? (
        <circle
          className="fill-ember"
          r="2.6"
          cx={x(Math.max(elapsedSeconds ?? last.at, last.at))}
          cy={y(last.value)}
        />
      ) : null}
    </svg>
  );
}
