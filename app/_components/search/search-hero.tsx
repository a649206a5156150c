'use client';
/** The first thing one sees: the best score so far, how far ahead of a cold start, and the budget. */
import type { SearchView } from '#core/contracts/views.ts';
import { leadOverColdStart, type QuotePoint } from '../../_lib/best-curve.ts';
import { cx } from '../../_lib/cx.ts';
import {
  formatDifference,
  formatDuration,
  formatHalfWidth,
  formatScore,
  metricLabel,
  plural,
} from '../../_lib/format.ts';
import type { Outlook } from '../../_lib/outlook.ts';
import { useCountUp } from '../../_lib/use-count-up.ts';
import { Card, Figure } from '../ui/index.ts';
import { BudgetBar } from './budget-bar.tsx';

const verdictWords = {
  better: 'better than random designs',
  tie: 'level with random designs',
  worse: 'worse than random designs',
};

export interface SearchHeroProps {
  readonly view: SearchView;
  readonly elapsed: number;
  readonly cold: readonly QuotePoint[] | null;
  readonly outlook: Outlook | null;
}

export function SearchHero({ view, elapsed, cold, outlook }: SearchHeroProps) {
  const final = view.result?.scores.test ?? null;
  const score = final ?? view.best;
  const shown = useCountUp(score?.value ?? null);
  const lead = leadOverColdStart(view.best?.value ?? null, cold, elapsed, view.direction);
  const verdict = view.random.verdict?.verdict;
  const part = final ? `sealed test, read ${view.testLooks === 1 ? 'once' : `${view.testLooks} times`}` : 'validation';
  return (
    <Card
      label="Best so far"
      className="grid items-end gap-x-10 gap-y-4 p-4 sm:grid-cols-[auto_auto] lg:grid-cols-[auto_auto_1fr]"
    >
      <Figure
        hero
        label={`${final ? 'Score' : 'Best so far'} · ${metricLabel(view.metric)}, ${part}`}
        value={shown === null ? <span className="text-faint">–</span> : formatScore(shown)}
        after={score ? `± ${formatHalfWidth(score.value, score.low, score.high)}` : undefined}
      />
      <div>
        <div className="text-label text-muted">
          {lead === null ? 'First usable model' : 'Ahead of a cold start now'}
        </div>
        <div className={cx('text-lead leading-9 font-medium', lead !== null && (lead >= 0 ? 'text-good' : 'text-bad'))}>
          {lead !== null
            ? formatDifference(lead)
            : view.firstUsableSeconds === null
              ? '–'
              : `after ${formatDuration(view.firstUsableSeconds)}`}
        </div>
      </div>
      <div className="sm:col-span-2 lg:col-span-1">
        <div className="mb-2 flex flex-wrap justify-between gap-x-3 text-label text-muted">
          <span>Budget {formatDuration(view.budgetSeconds)}</span>
          {verdict ? (
            <span className={cx(verdict === 'better' && 'text-good', verdict === 'worse' && 'text-bad')}>
              {verdictWords[verdict]}
            </span>
          ) : null}
        </div>
        <BudgetBar view={view} elapsed={elapsed} />
        {outlook ? (
          <p className="mt-2 text-label text-muted">
            {outlook.more > 0
              ? `About ${plural(outlook.more, 'more trial')} fit; the best of all is among them with a chance of ${Math.round(100 * outlook.chance)} %.`
              : 'No more trials fit.'}
          </p>
        ) : null}
      </div>
    </Card>
  );
}
