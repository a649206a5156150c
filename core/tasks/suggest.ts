/** Proposes what to predict and how, from a profile alone, with a reason for each proposal. */
import type { ColumnProfile, Profile } from '../contracts/dataset.ts';
import type { MetricName, SplitPolicy, TaskKind } from '../contracts/task.ts';

export interface Suggestion {
  readonly target: string;
  readonly kind: TaskKind;
  readonly metric: MetricName;
  readonly positiveClass: string | null;
  readonly split: SplitPolicy;
  readonly budgetSeconds: number;
  readonly reasons: {
    readonly target: string;
    readonly kind: string;
    readonly metric: string;
    readonly split: string;
    readonly budget: string;
  };
  /** Every column that could be the target, likeliest first; scores add up to 1. */
  readonly targets: readonly { readonly name: string; readonly score: number }[];
}

const targetNames =
  /^(target|label|class|y|outcome|response|result|output|churn(ed)?|exited|survived|default(ed)?|diagnosis|species|quality|rating|grade|price|cost|sales|revenue|salary|income|fraud|is_.*|has_.*|.*_(class|label|target|flag|price))$/i;
export const idNames = /(^|[_\s-])(id|uuid|guid|index|key)$|^unnamed|^rownames?$/i;
export const groupNames =
  /(user|customer|client|patient|subject|session|account|household|group|person|student)[_\s-]?(id|no|number|key)?$/i;

/**
 * @param target the person's choice; the likeliest column when left out
 * @returns null when no column can be a target
 */
export function suggestTask(profile: Profile, target?: string | null): Suggestion | null {
  const targets = rankTargets(profile);
  const chosen = target ?? targets[0]?.name;
  const column = profile.columns.find((c) => c.name === chosen);
  if (!column) return null;
  const { kind, reason: kindReason } = suggestKind(column, profile.rows);
  const { metric, reason: metricReason, positiveClass } = suggestMetric(column, kind, profile.rows);
  const { split, reason: splitReason } = suggestSplit(profile, column.name);
  const budget = suggestBudget(profile);
  return {
    target: column.name,
    kind,
    metric,
    positiveClass,
    split,
    budgetSeconds: budget.seconds,
    reasons: {
      target: target ? 'You chose it.' : targetReason(profile, column),
      kind: kindReason,
      metric: metricReason,
      split: splitReason,
      budget: budget.reason,
    },
    targets,
  };
}

function rankTargets(profile: Profile): { name: string; score: number }[] {
  const scored = profile.columns.flatMap((column, i) => {
    const { rows } = profile;
    if (column.type === 'ignore' || column.distinct < 2 || column.missing > 0.5 * rows) return [];
    let score = 1;
    if (targetNames.test(column.name)) score *= 12;
    if (i === profile.columns.length - 1) score *= 6;
    else if (i === 0) score *= 1.5;
    if (column.type === 'text' || column.type === 'date') score *= 0.05;
    if (column.type === 'boolean') score *= 2;
    if (column.type === 'category') score *= column.distinct <= 20 ? 1.5 : column.distinct > 0.2 * rows ? 0.05 : 0.5;
    if (idNames.test(column.name) || (column.distinct === rows && column.type !== 'number')) score *= 0.02;
    if (column.missing > 0) score *= 0.4;
    return [{ name: column.name, score }];
  });
  const total = scored.reduce((sum, { score }) => sum + score, 0);
  return scored.map(({ name, score }) => ({ name, score: score / total })).sort((a, b) => b.score - a.score);
}

function targetReason(profile: Profile, column: ColumnProfile): string {
  if (targetNames.test(column.name)) return `Its name, ${column.name}, is one that targets have.`;
  if (profile.columns[profile.columns.length - 1] === column)
    return 'It is the last column, where targets usually stand.';
  return 'It has few different values and none missing.';
}

function suggestKind(column: ColumnProfile, rows: number): { kind: TaskKind; reason: string } {
  if (column.type !== 'number') {
    return { kind: 'classification', reason: `It holds ${column.distinct} different names, not amounts.` };
  }
  const whole = column.top.every(({ value }) => Number.isInteger(Number(value)));
  if (column.distinct === 2 || (whole && column.distinct <= 10 && rows >= 20 * column.distinct)) {
    return {
      kind: 'classification',
      reason: `It has only ${column.distinct} different whole numbers, which look like classes.`,
    };
  }
  return { kind: 'regression', reason: `It is a number with ${column.distinct} different values.` };
}

const positiveNames = /^(1|yes|y|true|t|positive|pos|bad|fraud|churn(ed)?|default|sick|died|malignant|m|>.*)$/i;

function suggestMetric(column: ColumnProfile, kind: TaskKind, rows: number) {
  if (kind === 'regression') return { ...regressionMetric(column), positiveClass: null };
  const counts = column.top.map(({ count }) => count);
  if (column.distinct === 2) {
    const named = column.top.find(({ value }) => positiveNames.test(value));
    const positiveClass = (named ?? column.top[column.top.length - 1])?.value ?? null;
    const reason = 'For two classes the ROC AUC judges the ranking, whatever their shares and the threshold.';
    return { metric: 'roc_auc' as const, reason, positiveClass };
  }
  const smallest = Math.min(...counts);
  const uneven = counts.length > 0 && counts[0]! > 5 * Math.max(smallest, 1);
  if (uneven && rows > 0) {
    const reason = 'The classes differ much in size; log loss judges the probabilities of all of them.';
    return { metric: 'log_loss' as const, reason, positiveClass: null };
  }
  return {
    metric: 'accuracy' as const,
    reason: 'The classes are of similar size, so the share of right answers is fair.',
    positiveClass: null,
  };
}

function regressionMetric(column: ColumnProfile): { metric: MetricName; reason: string } {
  const { min, max, mean, deviation } = column;
  const spread = typeof mean === 'number' && typeof deviation === 'number' && mean > 0 ? deviation / mean : 0;
  if (typeof min === 'number' && min >= 0 && typeof max === 'number' && spread > 3) {
    return {
      metric: 'rmsle',
      reason: 'Values span orders of magnitude: relative errors matter more than absolute ones.',
    };
  }
  return { metric: 'rmse', reason: 'The usual measure of numeric errors; large errors weigh most.' };
}

function suggestSplit(profile: Profile, target: string): { split: SplitPolicy; reason: string } {
  const others = profile.columns.filter((column) => column.name !== target && column.type !== 'ignore');
  const group = others.find(
    (column) => groupNames.test(column.name) && column.distinct >= 10 && column.distinct <= 0.5 * profile.rows,
  );
  if (group) {
    const reason = `Several rows share one ${group.name}: they stay on one side, or the test would reward remembering them.`;
    return { split: { kind: 'group', groupColumn: group.name }, reason };
  }
  const dates = others.filter((column) => column.type === 'date' && !/birth|dob|born/i.test(column.name));
  const [date] = dates;
  if (date && dates.length === 1 && date.distinct >= 0.3 * profile.rows) {
    const reason = `Rows are dated by ${date.name}: the newest ones are the test, as they will be in use.`;
    return { split: { kind: 'time', timeColumn: date.name }, reason };
  }
  return { split: { kind: 'random' }, reason: 'Nothing in the columns says that rows belong together.' };
}

function suggestBudget(profile: Profile): { seconds: number; reason: string } {
  const cells = profile.rows * profile.columns.length;
  const size = `${profile.rows.toLocaleString('en')} rows and ${profile.columns.length} columns`;
  if (cells <= 50_000) return { seconds: 60, reason: `${size}: a minute tries every kind of model several times.` };
  if (cells <= 1_000_000) return { seconds: 120, reason: `${size}: two minutes let every kind of model finish.` };
  if (cells <= 10_000_000)
    return { seconds: 300, reason: `${size}: five minutes let boosted trees and networks finish.` };
  return { seconds: 900, reason: `${size}: models of a table this large need a quarter of an hour.` };
}
