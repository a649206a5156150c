import { AppWindow } from 'lucide-react';
import type { TrialView } from '#core/contracts/views.ts';

/** Beside the mark of its origin: a trial that was trained in a browser's tab, and on what; nothing for those of workers. */
export function TabMark({
  trial,
  word,
}: {
  readonly trial: Pick<TrialView, 'tab' | 'device'>;
  readonly word?: boolean;
}) {
  if (!trial.tab) return null;
  return (
    <span
      title={`Trained in a ${trial.device}; scored by the server`}
      className="ml-1.5 inline-flex items-center gap-1 align-middle text-muted"
    >
      <AppWindow aria-hidden className="size-3 shrink-0" />
      <span className={word ? undefined : 'sr-only'}>tab</span>
    </span>
  );
}
