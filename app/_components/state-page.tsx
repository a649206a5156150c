/** A page in place of the one asked for: what happened, what was kept, the way on. */
import type { ReactNode } from 'react';
import { LogoMark } from './logo.tsx';

export interface StatePageProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
  /** True inside a frame that has its own main landmark. */
  readonly framed?: boolean;
}

export function StatePage({ title, children, action, framed }: StatePageProps) {
  const Landmark = framed ? 'div' : 'main';
  return (
    <Landmark className="flex min-h-[70dvh] flex-col items-start justify-center gap-3 px-6 py-12 sm:px-12">
      <title>{`${title} · Warmstart`}</title>
      <LogoMark className="size-8" />
      <h1 className="text-title font-semibold">{title}</h1>
      <div className="max-w-prose text-muted">{children}</div>
      {action ? <div className="mt-2 flex flex-wrap gap-2">{action}</div> : null}
    </Landmark>
  );
}
