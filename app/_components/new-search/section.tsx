/** One step of the form: its number and name at the left, the control and the reason at the right. */
import type { ReactNode } from 'react';

export interface SectionProps {
  readonly step: number;
  readonly title: string;
  /** Why this is proposed. */
  readonly reason?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ step, title, reason, children }: SectionProps) {
  return (
    <section
      aria-label={title}
      className="grid gap-x-6 gap-y-2 border-b border-line px-4 py-4 last:border-b-0 sm:grid-cols-[8.5rem_minmax(0,1fr)]"
    >
      <h2 className="flex items-baseline gap-2 text-table font-semibold sm:pt-1.5">
        <span aria-hidden className="w-3 font-normal text-faint">
          {step}
        </span>
        {title}
      </h2>
      <div className="flex min-w-0 flex-col gap-2">
        {children}
        {reason ? <p className="max-w-prose text-label text-muted">{reason}</p> : null}
      </div>
    </section>
  );
}
