'use client';
/** What the search leans on, what that changed, and whether it helps. */
import Link from 'next/link';
import type { SearchView } from '#core/contracts/views.ts';
import { isBetter } from '../../_lib/best-curve.ts';
import { cx } from '../../_lib/cx.ts';
import { decisionWords } from '../../_lib/decision-words.ts';
import { formatDifference, formatScore, metricLabel, plural } from '../../_lib/format.ts';
import { routes } from '../../_lib/routes.ts';
import { isOver } from '../../_lib/search-stream.ts';
import { Bar, Separator } from '../ui/index.ts';

const shownTasks = 5;
const shownChanges = 6;

type PriorView = Pick<
  SearchView,
  'prior' | 'random' | 'best' | 'trials' | 'direction' | 'metric' | 'request' | 'state'
>;

export function PriorTasks({ prior, all }: { readonly prior: SearchView['prior']; readonly all?: boolean }) {
  const tasks = [...(prior?.tasks ?? [])].sort((a, b) => b.weight - a.weight);
  if (tasks.length === 0) {
    return (
      <p className="text-table text-muted">
        The bank holds no past task of this kind yet. This search starts from the built-in portfolio, and what it learns
        is kept for the next one.
      </p>
    );
  }
  const shown = all ? tasks : tasks.slice(0, shownTasks);
  const most = Math.max(...tasks.map((task) => task.weight), 1e-9);
  return (
    <>
      <p className="mb-2.5 text-label text-muted">
        {plural(tasks.length, 'past task')}
        {tasks.length > shown.length ? `; the ${shown.length} that weigh most, and why` : ' and why'}
      </p>
      <ul className="flex flex-col gap-2.5">
        {shown.map((task) => (
          <li key={task.name}>
            <div className="flex justify-between gap-3 text-table">
              <span className="min-w-0 truncate" title={`${task.name}: ${task.reason}`}>
                {task.id ? <Link href={routes.bankTask(task.id)}>{task.name}</Link> : task.name}{' '}
                <span className="text-faint">{task.reason}</span>
              </span>
              <span>{task.weight.toFixed(2)}</span>
            </div>
            <Bar value={task.weight / most} fill="bg-origin-prior" className="mt-1" />
          </li>
        ))}
      </ul>
    </>
  );
}

export function PriorChanges({ prior, all }: { readonly prior: SearchView['prior']; readonly all?: boolean }) {
  const every = prior?.changes ?? [];
  const changes = all ? every : every.slice(0, shownChanges);
  if (changes.length === 0)
    return <p className="text-table text-muted">Nothing: every decision keeps its usual odds.</p>;
  return (
    <>
      <dl className="grid grid-cols-[1fr_auto] gap-x-3.5 gap-y-1 text-table">
        {changes.map((change) => (
          <div key={change.decision} className="contents">
            <dt className="min-w-0 truncate text-muted">{decisionWords(change.decision)}</dt>
            <dd className="text-right font-medium">
              {change.before} → {change.after}
            </dd>
          </div>
        ))}
      </dl>
      {changes.length < every.length ? (
        <p className="mt-2 text-label text-muted">and {every.length - changes.length} more, in the Prior tab</p>
      ) : null}
    </>
  );
}

export function RandomArm({ view }: { readonly view: PriorView }) {
  const { random, best, direction, metric, trials } = view;
  if (random.count === 0 || random.best === null) {
    return (
      <p className="text-table text-muted">
        A few designs are drawn at random, blind to the bank, to measure what it is worth. None
        {isOver(view.state) ? ' finished in time' : ' has finished yet'}.
      </p>
    );
  }
  const lead = best === null ? null : direction === 'maximize' ? best.value - random.best : random.best - best.value;
  const { verdict } = random;
  return (
    <>
      <p className="text-table text-muted">
        {random.count} of {plural(trials.done, 'trial')} {random.count === 1 ? 'was' : 'were'} drawn at random, blind to
        the bank. Best of those: <b className="font-medium text-ink">{formatScore(random.best)}</b>.
        {lead !== null ? (
          <>
            {' '}
            The best so far is <span className={cx(lead > 0 ? 'text-good' : 'text-ink')}>{formatDifference(lead)}</span>{' '}
            in {metricLabel(metric)} {lead >= 0 ? 'ahead' : 'behind'}.
          </>
        ) : null}
      </p>
      {verdict ? (
        <p className="mt-2 text-table">
          Verdict: <b className="font-medium">{verdict.verdict}</b>{' '}
          <span className="text-muted">
            (random designs {formatScore(verdict.value)}, {formatScore(Math.min(verdict.low, verdict.high))} to{' '}
            {formatScore(Math.max(verdict.low, verdict.high))}
            {best && isBetter(direction, best.value, verdict.value) ? '' : '; no lead is claimed'})
          </span>
        </p>
      ) : null}
    </>
  );
}

export function PriorCard({ view }: { readonly view: PriorView }) {
  return (
    <aside aria-label="Prior" className="min-w-0 rounded-lg border border-line bg-panel p-4">
      <h2 className="mb-2 text-table font-semibold">What this search leans on</h2>
      {view.request.prior === 'off' ? (
        <p className="text-table text-muted">The prior is switched off for this search.</p>
      ) : (
        <PriorTasks prior={view.prior} />
      )}
      <Separator />
      <h2 className="mb-2 text-table font-semibold">What it changed</h2>
      <PriorChanges prior={view.prior} />
      <Separator />
      <h2 className="mb-1.5 text-table font-semibold">Is it helping?</h2>
      <RandomArm view={view} />
    </aside>
  );
}
