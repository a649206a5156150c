/** What a person asks for: the task, its metric, its split and its budget. One Zod schema for browser, server, worker and command line. */
import { z } from 'zod';

export const taskKinds = ['classification', 'regression'] as const;
export type TaskKind = (typeof taskKinds)[number];

/** Metric names in scikit-learn's spelling. `direction` says which way is better. */
export const metricInfo = {
  roc_auc: { label: 'ROC AUC', direction: 'maximize', kinds: ['classification'] },
  log_loss: { label: 'Log loss', direction: 'minimize', kinds: ['classification'] },
  accuracy: { label: 'Accuracy', direction: 'maximize', kinds: ['classification'] },
  balanced_accuracy: { label: 'Balanced accuracy', direction: 'maximize', kinds: ['classification'] },
  f1: { label: 'F1', direction: 'maximize', kinds: ['classification'] },
  f1_macro: { label: 'F1 macro', direction: 'maximize', kinds: ['classification'] },
  f1_weighted: { label: 'F1 weighted', direction: 'maximize', kinds: ['classification'] },
  mcc: { label: 'MCC', direction: 'maximize', kinds: ['classification'] },
  cost: { label: 'Mean cost', direction: 'minimize', kinds: ['classification'] },
  rmse: { label: 'RMSE', direction: 'minimize', kinds: ['regression'] },
  mae: { label: 'MAE', direction: 'minimize', kinds: ['regression'] },
  r2: { label: 'R²', direction: 'maximize', kinds: ['regression'] },
  rmsle: { label: 'RMSLE', direction: 'minimize', kinds: ['regression'] },
  smape: { label: 'SMAPE', direction: 'minimize', kinds: ['regression'] },
  pinball: { label: 'Pinball 50 %', direction: 'minimize', kinds: ['regression'] },
  pinball_05: { label: 'Pinball 5 %', direction: 'minimize', kinds: ['regression'] },
  pinball_10: { label: 'Pinball 10 %', direction: 'minimize', kinds: ['regression'] },
  pinball_25: { label: 'Pinball 25 %', direction: 'minimize', kinds: ['regression'] },
  pinball_75: { label: 'Pinball 75 %', direction: 'minimize', kinds: ['regression'] },
  pinball_90: { label: 'Pinball 90 %', direction: 'minimize', kinds: ['regression'] },
  pinball_95: { label: 'Pinball 95 %', direction: 'minimize', kinds: ['regression'] },
} as const satisfies Record<string, { label: string; direction: 'maximize' | 'minimize'; kinds: readonly TaskKind[] }>;

export type MetricName = keyof typeof metricInfo;
export const metricNames = Object.keys(metricInfo) as [MetricName, ...MetricName[]];
export type Direction = 'maximize' | 'minimize';

export const splitPolicySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('random') }),
  z.object({ kind: z.literal('group'), groupColumn: z.string().min(1) }),
  z.object({ kind: z.literal('time'), timeColumn: z.string().min(1) }),
]);
export type SplitPolicy = z.infer<typeof splitPolicySchema>;

/** Directions, by column. */
export const monotoneSchema = z.record(z.string().min(1).max(500), z.union([z.literal(1), z.literal(-1)]));

/** What a mistake costs, by true class, then by the class that is said; 1 where it is not stated. Right labels are free. */
export const costsSchema = z.record(z.string().max(1000), z.record(z.string().max(1000), z.number().min(0).max(1e9)));

/** Budget in seconds: 10 s to 24 h. */
export const budgetSchema = z.number().int().min(10).max(86_400);

/** How designs are proposed (`core/strategies`). */
export const strategyNames = ['default', 'predictor', 'random'] as const;
export type StrategyName = (typeof strategyNames)[number];

export const searchRequestSchema = z.object({
  datasetVersionId: z.uuid(),
  /** A separate, already uploaded data set version that is the sealed test; otherwise `testFraction` is split off. */
  testVersionId: z.uuid().nullish(),
  target: z.string().min(1).max(500),
  kind: z.enum(taskKinds),
  metric: z.enum(metricNames),
  /** The class whose probability F1, MCC thresholds and plots speak of; binary tasks only. */
  positiveClass: z.string().nullish(),
  /** Of the metric `cost` alone. */
  costs: costsSchema.nullish(),
  /**
   * Columns of numbers along which the prediction may only rise (1) or only fall (-1): the value, or of two classes the
   * probability of the positive one.
   */
  monotone: monotoneSchema.nullish(),
  split: splitPolicySchema.default({ kind: 'random' }),
  testFraction: z.number().min(0.05).max(0.5).default(0.2),
  budgetSeconds: budgetSchema,
  /** Upper limit on trials; the budget still holds. */
  maxTrials: z.number().int().min(1).max(100_000).nullish(),
  seed: z.number().int().min(0).max(0xffff_ffff).default(0),
  prior: z.enum(['on', 'off']).default('on'),
  strategy: z.enum(strategyNames).default('default'),
  /** Whether finished trials of earlier searches may be reused through the bank. */
  reuse: z.boolean().default(true),
  /** Whether the search may end before its budget does, when half of its trials were in vain. */
  stopEarly: z.boolean().default(false),
});
export type SearchRequest = z.infer<typeof searchRequestSchema>;
export type SearchRequestInput = z.input<typeof searchRequestSchema>;

export const searchStates = [
  'queued',
  'starting',
  'searching',
  'pausing',
  'paused',
  'finalising',
  'verifying',
  'ready',
  'failed',
  'cancelled',
] as const;
export type SearchState = (typeof searchStates)[number];
export const liveStates: readonly SearchState[] = [
  'queued',
  'starting',
  'searching',
  'pausing',
  'paused',
  'finalising',
  'verifying',
];

export const trialOrigins = ['portfolio', 'prior', 'predictor', 'mutation', 'random', 'manual'] as const;
export type TrialOrigin = (typeof trialOrigins)[number];
export const trialRoles = ['search', 'baseline', 'final'] as const;
export type TrialRole = (typeof trialRoles)[number];
export const trialStates = ['queued', 'running', 'done', 'failed', 'timed_out', 'out_of_memory', 'cancelled'] as const;
export type TrialState = (typeof trialStates)[number];
