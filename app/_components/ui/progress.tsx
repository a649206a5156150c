'use client';
/** A measured share: of a transfer or a budget (`Progress`), or of a scale (`Bar`). */
import { Progress as BaseProgress } from '@base-ui/react/progress';
import type { ReactNode } from 'react';
import { cx } from '../../_lib/cx.ts';

export interface ProgressProps {
  /** 0 to 1, or null while nothing is known. */
  readonly value: number | null;
  readonly label: ReactNode;
  /** At the right of the label: rate, time left. */
  readonly end?: ReactNode;
  readonly tone?: 'ember' | 'ink' | 'bad';
}

const fills = { ember: 'bg-ember', ink: 'bg-ink', bad: 'bg-bad' };

export function Progress({ value, label, end, tone = 'ember' }: ProgressProps) {
  return (
    <BaseProgress.Root value={value === null ? null : Math.round(value * 1000) / 10} className="flex flex-col gap-1.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3 text-label text-muted">
        <BaseProgress.Label className="min-w-0 truncate">{label}</BaseProgress.Label>
        {end ? <span>{end}</span> : null}
      </div>
      <BaseProgress.Track className="h-1.5 overflow-hidden rounded-full bg-sunk">
        <BaseProgress.Indicator
          className={cx(
            'h-full transition-[width] data-indeterminate:w-full',
            fills[tone],
            value === null && 'breathe',
          )}
        />
      </BaseProgress.Track>
    </BaseProgress.Root>
  );
}

export interface BarProps {
  /** 0 to 1. */
  readonly value: number;
  readonly className?: string;
  /** Class of the fill. */
  readonly fill?: string;
}

/** A bar beside a number that already says the value, so it is hidden from assistive technology. */
export function Bar({ value, className, fill = 'bg-ink' }: BarProps) {
  const width = `${Math.max(0, Math.min(1, value)) * 100}%`;
  return (
    <span aria-hidden className={cx('block h-1.5 overflow-hidden rounded-full bg-sunk', className)}>
      <span className={cx('block h-full', fill)} style={{ width }} />
    </span>
  );
}
