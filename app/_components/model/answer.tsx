'use client';
/** The answer for the form's row: class shares or a value, and what brought it about. */
import type { ConformalSummary } from '#core/contracts/result.ts';
import type { ModelView, Report } from '#core/contracts/views.ts';
import type { Predictions } from '#core/serve/predictions.ts';
import { formatBytes, formatPercent, plural, significant } from '../../_lib/format.ts';
import { Bar, Button, Notice, Progress } from '../ui/index.ts';
import { Contributions } from './contributions.tsx';
import { type AnswerProps, useAnswer } from './use-answer.ts';
import { useExplanation } from './use-explanation.ts';

const shownClasses = 5;

export function Answer({ importance, ...props }: AnswerProps & { readonly importance: Report['importance'] }) {
  const { model, browser } = props;
  const { answer, error } = useAnswer(props);
  const explanation = useExplanation(model, browser, answer, importance);
  if (browser.state === 'failed' || error) {
    return (
      <Notice
        tone="bad"
        title="This browser cannot run the model"
        action={
          <Button size="small" onClick={() => void browser.load().catch(() => undefined)}>
            Try again
          </Button>
        }
      >
        {browser.error ?? error}
      </Notice>
    );
  }
  if (browser.state !== 'ready' || !answer) {
    return browser.state === 'idle' ? (
      <Button onClick={() => void browser.load().catch(() => undefined)}>
        Load the model, {formatBytes(model.bytes)}
      </Button>
    ) : (
      <Progress
        label="Loading the model into this page"
        value={browser.progress ? browser.progress.done / Math.max(1, browser.progress.total) : null}
        tone="ink"
      />
    );
  }
  const { predictions, shownClass } = answer;
  const numbers = predictions.kind === 'regression';
  return (
    <>
      <div aria-live="polite">
        {predictions.kind === 'regression' ? (
          <RegressionAnswer model={model} predictions={predictions} />
        ) : (
          <ClassAnswer model={model} predictions={predictions} shownClass={shownClass} />
        )}
      </div>
      <Contributions
        state={explanation}
        unit={numbers ? 'number' : 'share'}
        of={numbers ? model.target : (predictions.classes[shownClass] ?? model.target)}
      />
    </>
  );
}

function RegressionAnswer({
  model,
  predictions,
}: {
  model: ModelView;
  predictions: Extract<Predictions, { kind: 'regression' }>;
}) {
  const { values, lower, upper } = predictions;
  const { target, metadata } = model;
  return (
    <div className="flex items-baseline justify-between gap-3">
      <span className="min-w-0 truncate">{target}</span>
      <span className="text-right">
        <output className="text-figure font-semibold">{significant(values[0] ?? Number.NaN, 5)}</output>
        {lower && upper ? (
          <span className="block text-label text-muted">
            {significant(lower[0] ?? Number.NaN, 4)} to {significant(upper[0] ?? Number.NaN, 4)}
            {metadata.conformal ? `, ${formatPercent(metadata.conformal.level)} interval` : ''}
          </span>
        ) : null}
      </span>
    </div>
  );
}

interface ClassAnswerProps {
  readonly model: ModelView;
  readonly predictions: Extract<Predictions, { kind: 'classification' }>;
  readonly shownClass: number;
}

/** What the prediction set of the row says. */
function sureness(
  sure: ConformalSummary,
  shares: readonly { readonly name: string; readonly value: number }[],
): string {
  const from = sure.threshold ?? 0;
  const held = shares.filter(({ value }) => value >= from).map(({ name }) => name);
  const level = formatPercent(sure.level);
  if (held.length === 1) return `Sure: at ${level} only “${held[0]}” is plausible.`;
  if (held.length === 0)
    return `Abstain: no class reaches ${significant(from, 3)}, so the row is unlike those it was sure of.`;
  const listed = held.length > 4 ? plural(held.length, 'class', 'classes') : held.join(', ');
  return `Abstain: at ${level} ${listed} are plausible.`;
}

function ClassAnswer({ model: { target, metadata }, predictions, shownClass }: ClassAnswerProps) {
  const { classes, labels, probabilities } = predictions;
  const shares = classes.map((name, index) => ({ name, index, value: probabilities[index] ?? 0 }));
  const listed =
    classes.length === 2
      ? shares.filter((one) => one.index === shownClass)
      : [...shares].sort((a, b) => b.value - a.value).slice(0, shownClasses);
  return (
    <>
      <div className="mb-2 flex items-baseline justify-between gap-3">
        <span className="text-label text-muted">{target}</span>
        <output className="min-w-0 truncate text-table font-medium">{labels[0]}</output>
      </div>
      <ul className="flex flex-col gap-2">
        {listed.map((one, place) => (
          <li key={one.name}>
            <div className="flex items-baseline justify-between gap-3">
              <span className="min-w-0 truncate">{one.name}</span>
              <span className={place === 0 ? 'text-figure font-semibold' : 'text-table'}>
                {formatPercent(one.value)}
              </span>
            </div>
            <Bar
              value={one.value}
              fill={place === 0 ? 'bg-ember' : 'bg-bar'}
              className={place === 0 ? 'h-2' : undefined}
            />
          </li>
        ))}
      </ul>
      {typeof metadata.conformal?.threshold === 'number' ? (
        <p className="mt-1.5 text-label text-muted">{sureness(metadata.conformal, shares)}</p>
      ) : null}
      {shares.length > listed.length && classes.length > 2 ? (
        <p className="mt-1.5 text-label text-muted">{shares.length - listed.length} more classes</p>
      ) : null}
    </>
  );
}
