/** Small pills: plain facts, and states with their one meaning each. */
import { Check, Pause, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../../_lib/cx.ts';

export type ChipTone = 'plain' | 'live' | 'good' | 'warn' | 'bad';

const tones: Record<ChipTone, string> = {
  plain: 'text-muted',
  live: 'text-ink',
  good: 'text-good',
  warn: 'text-warn',
  bad: 'text-bad',
};

export interface ChipProps {
  readonly tone?: ChipTone;
  readonly icon?: ReactNode;
  readonly className?: string;
  readonly title?: string;
  readonly children: ReactNode;
}

export function Chip({ tone = 'plain', icon, className, title, children }: ChipProps) {
  return (
    <span
      title={title}
      className={cx(
        'inline-flex h-5.5 max-w-full items-center gap-1.5 rounded-full border border-line bg-panel px-2 text-label whitespace-nowrap',
        tones[tone],
        className,
      )}
    >
      {tone === 'live' ? <LiveDot /> : icon}
      <span className="truncate">{children}</span>
    </span>
  );
}

/** Ember means now: the dot of whatever is running. */
export function LiveDot({ className }: { readonly className?: string }) {
  return <span aria-hidden className={cx('size-1.75 shrink-0 rounded-full bg-ember', className)} />;
}

const iconSize = 'size-3 shrink-0';
const states: Record<string, { tone: ChipTone; icon?: ReactNode }> = {
  starting: { tone: 'live' },
  searching: { tone: 'live' },
  pausing: { tone: 'live' },
  finalising: { tone: 'live' },
  verifying: { tone: 'live' },
  running: { tone: 'live' },
  reading: { tone: 'live' },
  receiving: { tone: 'live' },
  paused: { tone: 'plain', icon: <Pause aria-hidden className={iconSize} /> },
  ready: { tone: 'plain', icon: <Check aria-hidden className={iconSize} /> },
  done: { tone: 'plain', icon: <Check aria-hidden className={iconSize} /> },
  published: { tone: 'good', icon: <Check aria-hidden className={iconSize} /> },
  failed: { tone: 'bad', icon: <TriangleAlert aria-hidden className={iconSize} /> },
  timed_out: { tone: 'bad', icon: <TriangleAlert aria-hidden className={iconSize} /> },
  out_of_memory: { tone: 'bad', icon: <TriangleAlert aria-hidden className={iconSize} /> },
  cancelled: { tone: 'plain', icon: <X aria-hidden className={iconSize} /> },
};

export interface StateChipProps {
  /** A search, trial, data set or model state, as in the contracts. */
  readonly state: string;
  /** Added after the state: `searching · 178 of 240 s`. */
  readonly note?: string | null;
  readonly className?: string;
}

export function StateChip({ state, note, className }: StateChipProps) {
  const look = states[state] ?? { tone: 'plain' as const };
  const words = state.replaceAll('_', ' ');
  return (
    <Chip tone={look.tone} icon={look.icon} className={className} title={note ?? undefined}>
      {note ? `${words} · ${note}` : words}
    </Chip>
  );
}
