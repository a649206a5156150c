/** A panel with one hairline. `Card` holds `CardHead` and content; `Separator` divides inside it. */
import type { ReactNode } from 'react';
import { cx } from '../../_lib/cx.ts';

export interface CardProps {
  readonly children: ReactNode;
  readonly className?: string;
  readonly label?: string;
}

export function Card({ children, className, label }: CardProps) {
  return (
    <section
      aria-label={label}
      className={cx('min-w-0 overflow-clip rounded-lg border border-line bg-panel', className)}
    >
      {children}
    </section>
  );
}

export function CardHead({ title, children }: { readonly title: ReactNode; readonly children?: ReactNode }) {
  return (
    <div className="flex min-h-7.5 flex-wrap items-center gap-x-2.5 gap-y-1 px-4 pt-3">
      <h2 className="text-table font-semibold">{title}</h2>
      {children ? <div className="ml-auto flex items-center gap-2">{children}</div> : null}
    </div>
  );
}

export function CardBody({ children, className }: { readonly children: ReactNode; readonly className?: string }) {
  return <div className={cx('px-4 pt-3 pb-4', className)}>{children}</div>;
}

export function Separator() {
  return <div aria-hidden className="my-3 h-px bg-line" />;
}

export interface FigureProps {
  readonly label: ReactNode;
  readonly value: ReactNode;
  /** In lighter type right after the value: interval, unit. */
  readonly after?: ReactNode;
  readonly note?: ReactNode;
  /** The one hero number of a page. */
  readonly hero?: boolean;
}

/** A number that a page is about, with its label above and its reading below. */
export function Figure({ label, value, after, note, hero }: FigureProps) {
  return (
    <div className="min-w-0">
      <div className="text-label text-muted">{label}</div>
      <div className={cx('font-semibold', hero ? 'text-hero' : 'text-figure')}>
        {value}
        {after ? <span className="ml-1.5 text-body font-normal tracking-normal text-muted">{after}</span> : null}
      </div>
      {note ? <div className="text-label text-muted">{note}</div> : null}
    </div>
  );
}
