/** What came of the trials that this tab trained, newest first. */
import type { LendResult } from '../../../_browser/lend-messages.ts';
import { cx } from '../../../_lib/cx.ts';
import { formatScore, metricLabel } from '../../../_lib/format.ts';

const words: Record<LendResult['state'], string> = {
  kept: '',
  refused: 'refused',
  returned: 'given back',
  dropped: 'not counted',
};

export function LendResults({ results, metric }: { readonly results: readonly LendResult[]; readonly metric: string }) {
  return (
    <ul aria-label="Trials of this tab" className="flex flex-col gap-1.5">
      {results.map((result) => (
        <li key={`${result.number} ${result.state}`}>
          <div className="flex justify-between gap-3 text-table">
            <span className="min-w-0 truncate" title={result.summary}>
              <span className="text-muted">{result.number}</span> {result.summary}
            </span>
            <span className={cx('shrink-0', result.state === 'refused' ? 'text-bad' : 'text-muted')}>
              {result.score === null ? (
                words[result.state]
              ) : (
                <>
                  {metricLabel(metric)} <b className="font-medium text-ink">{formatScore(result.score)}</b>
                </>
              )}
            </span>
          </div>
          {result.why ? <p className="text-label break-words text-muted">{result.why}</p> : null}
        </li>
      ))}
    </ul>
  );
}
