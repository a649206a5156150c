/** The budget as one bar: what each phase has used, and where the phases are planned to end. */
import type { PhaseName, SearchView } from '#core/contracts/views.ts';
import { phaseNames } from '#core/contracts/views.ts';
import { cx } from '../../_lib/cx.ts';
import { formatDuration } from '../../_lib/format.ts';
import { isOver } from '../../_lib/search-stream.ts';

const fills: Record<PhaseName, string> = {
  read: 'bg-faint',
  search: 'bg-ember',
  finalise: 'bg-ember',
  verify: 'bg-good',
};

/** Ember is for what runs: a search that is over is drawn in greys. */
const rest: Record<PhaseName, string> = { read: 'bg-faint', search: 'bg-bar', finalise: 'bg-faint', verify: 'bg-good' };

export interface BudgetBarProps {
  readonly view: Pick<SearchView, 'budgetSeconds' | 'phases' | 'state'>;
  readonly elapsed: number;
}

/** The phase that the clock is in, by state. */
function currentPhase(state: SearchView['state']): PhaseName | null {
  if (state === 'starting') return 'read';
  if (state === 'searching' || state === 'pausing' || state === 'paused') return 'search';
  if (state === 'finalising') return 'finalise';
  return state === 'verifying' ? 'verify' : null;
}

export function BudgetBar({ view, elapsed }: BudgetBarProps) {
  const now = currentPhase(view.state);
  const others = phaseNames.filter((name) => name !== now).reduce((sum, name) => sum + view.phases[name].used, 0);
  const used = (name: PhaseName) => (name === now ? Math.max(0, elapsed - others) : view.phases[name].used);
  const over = isOver(view.state);
  const scale = Math.max(view.budgetSeconds, elapsed, 1);
  const end = (name: PhaseName) =>
    phaseNames
      .slice(0, phaseNames.indexOf(name) + 1)
      .reduce((sum, one) => sum + Math.max(view.phases[one].planned, used(one)), 0);
  return (
    <div>
      <div
        role="img"
        aria-label={`${formatDuration(elapsed)} of the budget of ${formatDuration(view.budgetSeconds)} used`}
        className="relative flex h-1.5 overflow-hidden rounded-full bg-sunk"
      >
        {phaseNames.map((name) => (
          <span
            key={name}
            className={cx('h-full', over ? rest[name] : fills[name])}
            style={{ width: `${(100 * used(name)) / scale}%` }}
          />
        ))}
        {over
          ? null
          : (['search', 'finalise'] as const).map((name) => (
              <span
                key={name}
                className="absolute top-0 h-full w-0.5 bg-panel"
                style={{ left: `${Math.min(100, (100 * end(name)) / scale)}%` }}
              />
            ))}
      </div>
      <dl className="mt-1.5 grid grid-cols-2 gap-x-3 text-label text-muted sm:flex sm:justify-between">
        {phaseNames.map((name) => (
          <div key={name} className={cx('flex gap-1', name === now && 'text-ink')}>
            <dt>{name}</dt>
            <dd>
              {used(name) > 0
                ? formatDuration(used(name))
                : over
                  ? '–'
                  : `~${formatDuration(view.phases[name].planned)}`}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
