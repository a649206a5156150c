import type { TrialOrigin } from '#core/contracts/task.ts';
import { cx } from '../_lib/cx.ts';
import { origins } from './origin.ts';

export interface OriginMarkProps {
  readonly origin: TrialOrigin;
  /** Adds the word; without it the word is read out but not shown. */
  readonly word?: boolean;
  readonly className?: string;
}

/** Mark and colour of a trial's origin. */
export function OriginMark({ origin, word, className }: OriginMarkProps) {
  const look = origins[origin];
  return (
    <span title={look.meaning} className={cx('inline-flex items-center gap-1.5', className)}>
      <svg viewBox="0 0 12 12" aria-hidden className={cx('size-3 shrink-0', look.text)} fill="currentColor">
        <path d={look.path} />
      </svg>
      <span className={word ? undefined : 'sr-only'}>{look.word}</span>
    </span>
  );
}

/** All origins named, for below a chart. */
export function OriginLegend({ shown }: { readonly shown: readonly TrialOrigin[] }) {
  return (
    <ul className="flex flex-wrap gap-x-4.5 gap-y-1 text-label text-muted">
      {shown.map((origin) => (
        <li key={origin}>
          <OriginMark origin={origin} word />
        </li>
      ))}
    </ul>
  );
}
