/** Why the model answers so: from the mean prediction of other rows to this one, column by column. */
import { cx } from '../../_lib/cx.ts';
import { formatPercent, plural, significant } from '../../_lib/format.ts';
import { listContributions } from './contribution-list.ts';
import type { ExplanationState } from './use-explanation.ts';

export interface ContributionsProps {
  readonly state: ExplanationState;
  /** Whether contributions are shares of probability, or numbers in the target's unit. */
  readonly unit: 'share' | 'number';
  /** What is explained: the class or the target. */
  readonly of: string;
}

export function Contributions({ state: { explained, busy }, unit, of }: ContributionsProps) {
  if (!explained) return busy ? <p className="mt-3 text-label text-muted">Working out why…</p> : null;
  const { players, values, errors, base, prediction, backgrounds } = explained;
  const contributions = listContributions(
    players.map(({ name }) => name),
    values,
    errors,
  );
  const say = (value: number) => (unit === 'share' ? formatPercent(value) : significant(value, 4));
  const most = Math.max(...contributions.map(({ value }) => Math.abs(value)), Number.MIN_VALUE);
  return (
    <section aria-label="Why" aria-busy={busy} className={cx('mt-3 transition-opacity', busy && 'opacity-60')}>
      <p className="text-label text-muted">
        {of}: {say(base)} on average of {plural(backgrounds, 'training row')}, {say(prediction)} here
      </p>
      {contributions.length === 0 ? (
        <p className="mt-1 text-label text-muted">No column makes a difference.</p>
      ) : (
        <ul className="mt-1.5 flex flex-col gap-1">
          {contributions.map((one) => (
            <li
              key={one.name}
              className="grid grid-cols-[minmax(0,8.5rem)_minmax(0,1fr)_4.5rem] items-center gap-2 text-label"
            >
              <span className={cx('truncate', one.half === null && 'text-muted')} title={one.name}>
                {one.name}
              </span>
              <SignedBar value={one.value / most} half={(one.half ?? 0) / most} />
              <span className="text-right whitespace-nowrap">{signed(one.value, unit)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function signed(value: number, unit: ContributionsProps['unit']): string {
  const size = Math.abs(value);
  const text = unit === 'number' ? significant(size, 3) : `${(100 * size).toFixed(size < 0.1 ? 1 : 0)} points`;
  return `${value < 0 ? '−' : '+'}${text}`;
}

/** To the right what adds, to the left what takes away, each with its interval. @param value -1 to 1 */
function SignedBar({ value, half }: { readonly value: number; readonly half: number }) {
  const place = (at: number) => 50 + 50 * Math.max(-1, Math.min(1, at));
  const [from, to] = value < 0 ? [place(value), 50] : [50, place(value)];
  const [low, high] = [place(value - half), place(value + half)];
  return (
    <span aria-hidden className="relative block h-3">
      <span className="absolute inset-y-0 left-1/2 w-px bg-line-strong" />
      <span className="absolute top-0.75 h-1.5 bg-ink" style={{ left: `${from}%`, width: `${to - from}%` }} />
      {half > 0 ? (
        <span className="absolute top-1.25 h-0.5 bg-faint" style={{ left: `${low}%`, width: `${high - low}%` }} />
      ) : null}
    </span>
  );
}
