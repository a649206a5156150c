import { AppWindow } from 'lucide-react';
import type { TrialView } from '#core/contracts/views.ts';

/** Says that a trial was trained in a browser's tab, and on what; nothing for those of workers. */
export function TabMark({ trial }: { readonly trial: Pick<TrialView, 'tab' | 'device'> }) {
  if (!trial.tab) return null;
  return (
    <span title={`Trained in a ${trial.device}, scored by the server`} className="text-faint">
      {' · '}
      <AppWindow aria-hidden className="mr-0.5 mb-0.5 inline size-3" />
      tab
    </span>
  );
}
