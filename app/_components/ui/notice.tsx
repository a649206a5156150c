/** A sentence or two in place: what happened, what was kept, the way on. */
import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../../_lib/cx.ts';

export interface NoticeProps {
  readonly tone?: 'info' | 'warn' | 'bad';
  readonly title?: ReactNode;
  readonly action?: ReactNode;
  readonly className?: string;
  readonly children?: ReactNode;
}

const looks = {
  info: { frame: 'border-line bg-sunk', icon: <Info aria-hidden className="mt-0.5 size-4 shrink-0 text-info" /> },
  warn: {
    frame: 'border-line bg-sunk',
    icon: <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />,
  },
  bad: {
    frame: 'border-line bg-bad-wash',
    icon: <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />,
  },
};

export function Notice({ tone = 'info', title, action, className, children }: NoticeProps) {
  const look = looks[tone];
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={cx('flex items-start gap-2.5 rounded-md border px-3 py-2.5 text-table', look.frame, className)}
    >
      {look.icon}
      <div className="min-w-0 flex-1 break-words">
        {title ? <p className="font-medium">{title}</p> : null}
        {children ? <div className={cx(title ? 'text-muted' : undefined)}>{children}</div> : null}
      </div>
      {action ? <div className="shrink-0">{action}</div> : null}
    </div>
  );
}
