/** Nothing here yet: the real thing in miniature (given as `picture`), one sentence, one action. */
import type { ReactNode } from 'react';
import { cx } from '../../_lib/cx.ts';

export interface EmptyProps {
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  readonly picture?: ReactNode;
  readonly className?: string;
}

export function Empty({ title, children, action, picture, className }: EmptyProps) {
  return (
    <div className={cx('flex flex-col items-start gap-3 px-4 py-6', className)}>
      {picture ? <div className="w-full">{picture}</div> : null}
      <div className="max-w-prose">
        <p className="font-medium">{title}</p>
        {children ? <p className="mt-0.5 text-table text-muted">{children}</p> : null}
      </div>
      {action}
    </div>
  );
}
