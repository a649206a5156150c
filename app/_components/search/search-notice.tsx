/** What a person must know about a search that waits, is paused, or has ended: what happened, what was kept, the way on. */
import type { SearchView } from '#core/contracts/views.ts';
import { formatDuration, plural } from '../../_lib/format.ts';
import { routes } from '../../_lib/routes.ts';
import { ButtonLink, Notice } from '../ui/index.ts';

export function SearchNotice({ view, elapsed }: { readonly view: SearchView; readonly elapsed: number }) {
  const kept = `${plural(view.trials.done, 'finished trial')} ${view.trials.done === 1 ? 'is' : 'are'} kept`;
  if (view.state === 'failed') {
    return (
      <Notice
        tone="bad"
        title="This search ended without a model"
        action={
          <ButtonLink size="small" href={routes.dataset(view.projectId, view.datasetId, view.versionNumber)}>
            Look at the data
          </ButtonLink>
        }
      >
        {view.error ?? 'No reason was recorded.'} {kept}.
      </Notice>
    );
  }
  if (view.state === 'cancelled') {
    return (
      <Notice title={`Cancelled after ${formatDuration(elapsed)}`}>No model was made. {kept} in the list below.</Notice>
    );
  }
  if (view.state === 'paused' || view.state === 'pausing') {
    return (
      <Notice
        title={view.state === 'paused' ? `Paused at ${Math.round(elapsed)} of ${view.budgetSeconds} s` : 'Pausing'}
      >
        The clock stands still. {kept}; trials that were running start again on resume.
      </Notice>
    );
  }
  if (view.state === 'ready' && view.error) return <Notice tone="warn">{view.error}</Notice>;
  return null;
}
