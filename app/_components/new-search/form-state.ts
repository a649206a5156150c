/** The new-search form: what is asked for, what was touched by hand, and how suggestions fill the rest. */
import type { ColumnProfile } from '#core/contracts/dataset.ts';
import {
  type MetricName,
  metricInfo,
  metricNames,
  type SearchRequest,
  type SplitPolicy,
  type StrategyName,
  searchRequestSchema,
  type TaskKind,
} from '#core/contracts/task.ts';

export interface FormValues {
  readonly target: string | null;
  readonly kind: TaskKind;
  readonly metric: MetricName;
  readonly positiveClass: string | null;
  /** What mistakes cost, by true class, then by the class that is said; of the metric `cost` alone. */
  readonly costs: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Columns with a direction that predictions keep to. */
  readonly monotone: Readonly<Record<string, 1 | -1>>;
  readonly split: SplitPolicy;
  readonly testFraction: number;
  readonly testVersionId: string | null;
  readonly budgetSeconds: number;
  readonly strategy: StrategyName;
  readonly prior: 'on' | 'off';
  readonly reuse: boolean;
  readonly stopEarly: boolean;
  /** Null: as many as the budget allows. */
  readonly maxTrials: number | null;
  readonly seed: number;
}

export type FormField = keyof FormValues;

export interface FormState {
  readonly values: FormValues;
  /** Set by hand or taken over from a cloned search: suggestions leave these alone. */
  readonly touched: ReadonlySet<FormField>;
}

export interface Suggestion {
  readonly target: string | null;
  readonly kind: TaskKind;
  readonly metric: MetricName;
  readonly positiveClass: string | null;
  readonly split: SplitPolicy;
  readonly budgetSeconds: number;
}

export type FormAction =
  | { readonly type: 'set'; readonly values: Partial<FormValues> }
  | { readonly type: 'suggest'; readonly suggestion: Suggestion }
  | { readonly type: 'clone'; readonly request: SearchRequest };

export const emptyForm: FormState = {
  values: {
    target: null,
    kind: 'classification',
    metric: 'roc_auc',
    positiveClass: null,
    costs: {},
    monotone: {},
    split: { kind: 'random' },
    testFraction: 0.2,
    testVersionId: null,
    budgetSeconds: 60,
    strategy: 'default',
    prior: 'on',
    reuse: true,
    stopEarly: false,
    maxTrials: null,
    seed: 0,
  },
  touched: new Set(),
};

/** What another target or task makes meaningless, so that it is suggested anew. */
const dependents: Partial<Record<FormField, readonly FormField[]>> = {
  target: ['kind', 'metric', 'positiveClass', 'split'],
  kind: ['metric'],
};

export function reduceForm(state: FormState, action: FormAction): FormState {
  if (action.type === 'set') {
    const names = Object.keys(action.values) as FormField[];
    const touched = new Set([...state.touched, ...names]);
    for (const name of names)
      for (const other of dependents[name] ?? []) if (!names.includes(other)) touched.delete(other);
    // Which columns may have a direction, and what mistakes there are, depends on what is predicted.
    const anew = 'target' in action.values || 'kind' in action.values ? { monotone: {}, costs: {} } : {};
    const values = { ...state.values, ...anew, ...action.values };
    return { values: fitMetric(values), touched };
  }
  if (action.type === 'clone') {
    const { request } = action;
    const values: FormValues = {
      target: request.target,
      kind: request.kind,
      metric: request.metric,
      positiveClass: request.positiveClass ?? null,
      costs: request.costs ?? {},
      monotone: request.monotone ?? {},
      split: request.split,
      testFraction: request.testFraction,
      testVersionId: request.testVersionId ?? null,
      budgetSeconds: request.budgetSeconds,
      strategy: request.strategy,
      prior: request.prior,
      reuse: request.reuse,
      stopEarly: request.stopEarly,
      maxTrials: request.maxTrials ?? null,
      seed: request.seed,
    };
    return { values, touched: new Set(Object.keys(values) as FormField[]) };
  }
  const { suggestion } = action;
  const values: Record<string, unknown> = { ...state.values };
  for (const name of ['target', 'kind', 'metric', 'positiveClass', 'split', 'budgetSeconds'] as const) {
    if (!state.touched.has(name)) values[name] = suggestion[name];
  }
  return { values: fitMetric(values as unknown as FormValues), touched: state.touched };
}

/** A metric of the other kind is replaced by the first of its own. */
function fitMetric(values: FormValues): FormValues {
  const kinds: readonly TaskKind[] = metricInfo[values.metric].kinds;
  return kinds.includes(values.kind)
    ? values
    : { ...values, metric: values.kind === 'regression' ? 'rmse' : 'log_loss' };
}

/** Metrics that the task can use; F1 and MCC thresholds of one class need two classes. */
export function metricsFor(kind: TaskKind, classes: number | null): MetricName[] {
  return metricNames.filter((name) => {
    const kinds: readonly TaskKind[] = metricInfo[name].kinds;
    return kinds.includes(kind) && !(name === 'f1' && classes !== null && classes > 2);
  });
}

/** Values of a target of two classes, else an empty list. */
export function twoClasses(kind: TaskKind, column: ColumnProfile | undefined): string[] {
  return kind === 'classification' && column?.distinct === 2 ? column.top.map((one) => one.value) : [];
}

/** Whether a direction can be asked for along a column: it holds numbers, and what is predicted is one number. */
export function mayHaveDirection(
  { name, type }: ColumnProfile,
  { target, kind }: Pick<FormValues, 'target' | 'kind'>,
  columns: readonly ColumnProfile[],
): boolean {
  const aim = columns.find((column) => column.name === target);
  return aim !== undefined && name !== target && type === 'number' && (kind === 'regression' || aim.distinct === 2);
}

/** The request to send, or the first thing that is wrong, by the schema that server and worker use too. */
export function toRequest(
  versionId: string,
  values: FormValues,
  classes: readonly string[],
): { request: SearchRequest } | { problem: string } {
  const parsed = searchRequestSchema.safeParse({
    ...values,
    datasetVersionId: versionId,
    target: values.target ?? '',
    positiveClass: classes.length === 2 ? values.positiveClass : null,
    costs: values.metric === 'cost' ? values.costs : null,
  });
  if (parsed.success) return { request: parsed.data };
  const issue = parsed.error.issues[0];
  return {
    problem: values.target ? `${issue?.path.join('.') ?? 'form'}: ${issue?.message ?? ''}` : 'Choose a target.',
  };
}

/** `90`, `90s`, `2 m`, `1.5 min`, `1h` to whole seconds; null when it is none of these. */
export function parseBudget(text: string): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(s|sec|seconds?|m|min|minutes?|h|hours?)?\s*$/i.exec(text);
  if (!match) return null;
  const unit = (match[2] ?? 's')[0]?.toLowerCase();
  return Math.round(Number(match[1]) * (unit === 'h' ? 3600 : unit === 'm' ? 60 : 1));
}
