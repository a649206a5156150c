'use client';
/** Four numbers: how good, how large, how fast here, how far the runtimes agree. */
import type { ModelView } from '#core/contracts/views.ts';
import { thisBrowser } from '../../_browser/browser-name.ts';
import { cx } from '../../_lib/cx.ts';
import { formatBytes, formatInterval, formatScore, metricLabel, plural, significant } from '../../_lib/format.ts';
import { formatLatency } from '../../_lib/latency.ts';
import type { RouterOutputs } from '../../_lib/trpc.tsx';
import { useHydrated } from '../../_lib/use-hydrated.ts';
import { Card, Figure } from '../ui/index.ts';
import type { BrowserCheck } from './use-browser-check.ts';

type Checks = RouterOutputs['model']['checks'];

const verdicts = {
  better: 'better than random designs',
  tie: 'level with random designs',
  worse: 'worse than random designs',
};

export interface ScoreCardsProps {
  readonly model: ModelView;
  readonly checks: Checks;
  readonly check: BrowserCheck;
}

export function ScoreCards({ model, checks, check }: ScoreCardsProps) {
  return (
    <div className="mb-4 grid grid-cols-2 gap-4 lg:grid-cols-4">
      <Card label="Score" className="col-span-2 p-4 lg:col-span-1">
        <ScoreFigure model={model} />
      </Card>
      <Card label="Size" className="p-4">
        <Figure
          label="One file"
          value={formatBytes(model.bytes)}
          note={`${plural(model.result.model?.members.length ?? 1, 'member')}, ${plural(model.metadata.columns.length, 'column')} in, no other code`}
        />
      </Card>
      <Card label="Latency" className="p-4">
        <LatencyFigure checks={checks} check={check} />
      </Card>
      <Card label="Agreement of runtimes" className="col-span-2 p-4 lg:col-span-1">
        <AgreementFigure model={model} checks={checks} />
      </Card>
    </div>
  );
}

function ScoreFigure({ model }: { readonly model: ModelView }) {
  const { scores, random } = model.result;
  const score = scores.test ?? scores.validation;
  const looks = model.testLooks === 1 ? 'read once' : `read ${model.testLooks} times`;
  return (
    <Figure
      hero
      label={`${metricLabel(model.metric)}, ${scores.test ? `sealed test, ${looks}` : 'validation'}`}
      value={score ? formatScore(score.value) : '–'}
      after={
        score
          ? `${formatScore(Math.min(score.low, score.high))} to ${formatScore(Math.max(score.low, score.high))}`
          : undefined
      }
      note={
        <>
          {random ? (
            <span
              className={cx(
                'block',
                random.verdict === 'better' && 'text-good',
                random.verdict === 'worse' && 'text-bad',
              )}
            >
              {verdicts[random.verdict]} ({formatScore(random.value)})
            </span>
          ) : (
            <span className="block">no random design finished to compare with</span>
          )}
          {scores.test && scores.validation ? (
            <span className="block">
              {model.direction === 'maximize' ? 'higher' : 'lower'} is better · validation{' '}
              {formatInterval(scores.validation.value, scores.validation.low, scores.validation.high)}
            </span>
          ) : null}
        </>
      }
    />
  );
}

function LatencyFigure({ checks, check }: { readonly checks: Checks; readonly check: BrowserCheck }) {
  const here = useHydrated() ? thisBrowser() : null;
  const mine = checks.find((one) => one.browser === here && one.pass && one.oneRowMs !== null);
  const p95 = check.outcomes.find((outcome) => outcome.verdict?.pass)?.run?.oneRow.p95;
  if (!mine || mine.oneRowMs === null) {
    return <Figure label="One row, this browser" value="–" note="measured by the browser check" />;
  }
  const kind = mine.runtime.split(' ').at(-1) === 'webgpu' ? 'WebGPU' : 'WASM';
  return (
    <Figure
      label="One row, this browser"
      value={formatLatency(mine.oneRowMs)}
      after={p95 === undefined ? undefined : `p95 ${formatLatency(p95)}`}
      note={`${kind}, ${plural(mine.threads, 'thread')}${mine.batch128Ms === null ? '' : ` · 128 rows ${formatLatency(mine.batch128Ms)}`}`}
    />
  );
}

function AgreementFigure({ model, checks }: { readonly model: ModelView; readonly checks: Checks }) {
  // The newest check of each browser and runtime counts.
  const newest = new Map<string, Checks[number]>();
  for (const one of checks) {
    const key = `${one.browser} ${one.runtime}`;
    if (!newest.has(key)) newest.set(key, one);
  }
  const all = [...model.verification, ...newest.values()];
  const agreed = all.filter((one) => one.pass);
  const largest = Math.max(0, ...agreed.map((one) => one.maxAbsDiff));
  const rows = Math.max(0, ...all.map((one) => one.rows));
  return (
    <Figure
      label="Runtimes agree"
      value={`${agreed.length} of ${all.length}`}
      note={`largest difference ${largest === 0 ? '0' : significant(largest, 2)}, ${all.length === agreed.length ? 'no changed label' : 'those that differ are not offered'} in ${plural(rows, 'golden row')}`}
    />
  );
}
