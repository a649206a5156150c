/** How sure the model is, and whether the sealed test bears it out: intervals of numbers, prediction sets of classes. */
import type { Score } from '#core/contracts/result.ts';
import type { Report } from '#core/contracts/views.ts';
import { formatPercent, plural, significant } from '../../_lib/format.ts';
import { Card, CardBody, CardHead, Figure } from '../ui/index.ts';

export function CertaintyCard({ report }: { readonly report: Report }) {
  if (report.intervals) return <Intervals intervals={report.intervals} />;
  if (report.sets) return <Sets sets={report.sets} />;
  return null;
}

const tenths = (share: number) => (100 * share).toFixed(1);

/** Share of test rows that were held on a scale around what was asked for, with its interval. */
function Coverage({ label, coverage, level }: { label: string; coverage: Score; level: number }) {
  const from = Math.min(level - 0.15, coverage.low - 0.02);
  const place = (share: number) => `${(100 * (Math.max(share, from) - from)) / (1 - from)}%`;
  return (
    <div>
      <Figure
        label={label}
        value={`${tenths(coverage.value)} %`}
        after={`${tenths(coverage.low)} to ${tenths(coverage.high)}`}
        note={`of ${plural(coverage.rows, 'sealed test row')}; ${formatPercent(level)} was asked for`}
      />
      <div aria-hidden className="relative mt-2 h-3">
        <span className="absolute inset-x-0 top-1.25 h-0.5 rounded-full bg-sunk" />
        <span
          className="absolute top-1.25 h-0.5 bg-faint"
          style={{ left: place(coverage.low), width: `calc(${place(coverage.high)} - ${place(coverage.low)})` }}
        />
        <span className="absolute top-0 h-3 w-px bg-line-strong" style={{ left: place(level) }} />
        <span className="absolute top-0.5 -ml-1 size-2 rounded-full bg-ink" style={{ left: place(coverage.value) }} />
      </div>
      <div aria-hidden className="relative mt-0.5 h-4 text-label text-muted">
        <span className="absolute left-0">{formatPercent(from)}</span>
        <span className="absolute -translate-x-1/2" style={{ left: place(level) }}>
          {formatPercent(level)}
        </span>
        <span className="absolute right-0">100 %</span>
      </div>
    </div>
  );
}

const methods = {
  even: 'The same for every row.',
  by_value: 'Wider where predictions of that size were further off.',
  by_row: 'Wider for rows that are hard to predict, by their columns and the predicted value.',
};

function Intervals({ intervals }: { readonly intervals: NonNullable<Report['intervals']> }) {
  const { level, coverage, method, widths } = intervals;
  const [narrow, middle, wide] = widths;
  return (
    <Card label="Certainty">
      <CardHead title="How sure it is" />
      <CardBody className="grid grid-cols-1 gap-4 sm:grid-cols-2 xl:grid-cols-1">
        <Coverage label="Intervals hold" coverage={coverage} level={level} />
        <Figure
          label="Width of an interval, median"
          value={significant(middle ?? Number.NaN, 3)}
          after={method === 'even' ? undefined : `${significant(narrow ?? 0, 2)} to ${significant(wide ?? 0, 2)}`}
          note={
            <>
              {methods[method]}
              {method === 'even' ? null : ' Eight of ten rows lie in that range.'}
            </>
          }
        />
      </CardBody>
    </Card>
  );
}

function Sets({ sets }: { readonly sets: NonNullable<Report['sets']> }) {
  const { level, threshold, coverage, none, one, more, oneRight } = sets;
  const parts = [
    { name: 'one class', share: one, fill: 'bg-ink' },
    { name: 'several', share: more, fill: 'bg-faint' },
    { name: 'none', share: none, fill: 'bg-bar' },
  ].filter(({ share }) => share > 0);
  return (
    <Card label="Certainty">
      <CardHead title="How sure it is" />
      <CardBody className="grid grid-cols-1 gap-4 sm:grid-cols-2 xl:grid-cols-1">
        <Coverage label="Prediction sets hold" coverage={coverage} level={level} />
        <div>
          <Figure
            label="Right where it is sure"
            value={oneRight === null ? '–' : `${tenths(oneRight)} %`}
            after={`of ${formatPercent(one)} of rows`}
            note={`A class is in the set from a probability of ${significant(threshold, 3)}. Sure means one class is; abstain otherwise.`}
          />
          <div aria-hidden className="mt-2 flex h-1.5 gap-px overflow-hidden rounded-full">
            {parts.map(({ name, share, fill }) => (
              <span key={name} className={fill} style={{ width: `${100 * share}%` }} />
            ))}
          </div>
          <ul className="mt-1 flex flex-wrap gap-x-3 text-label text-muted">
            {parts.map(({ name, share, fill }) => (
              <li key={name} className="flex items-center gap-1.5">
                <span aria-hidden className={`size-2 rounded-full ${fill}`} />
                {name} {formatPercent(share)}
              </li>
            ))}
          </ul>
        </div>
      </CardBody>
    </Card>
  );
}
