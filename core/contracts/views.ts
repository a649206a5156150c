/** What pages, the command line and REST read of searches, trials and models, and the kinds of events. */
import type { SetSizes } from '../conformal/coverage.ts';
import type { ThresholdPoint } from '../metrics/thresholds.ts';
import type { IntervalMethod, ModelMetadata, RunResult, Score, Verdict, Verification } from './result.ts';
import type {
  Direction,
  MetricName,
  SearchRequest,
  SearchState,
  TaskKind,
  TrialOrigin,
  TrialRole,
  TrialState,
} from './task.ts';

export const phaseNames = ['read', 'search', 'finalise', 'verify'] as const;
export type PhaseName = (typeof phaseNames)[number];

export interface TrialView {
  readonly id: string;
  readonly number: number;
  readonly origin: TrialOrigin;
  readonly role: TrialRole;
  readonly learner: string;
  /** Plain words: "boosting · 31 leaves · rate 0.05". */
  readonly summary: string;
  readonly state: TrialState;
  /** Validation score in the metric's own units, with a bootstrap interval; null until done. */
  readonly score: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly seconds: number | null;
  /** Size of the fold models. */
  readonly bytes: number | null;
  readonly oneRowMs: number | null;
  readonly error: string | null;
  readonly notes: readonly string[];
  readonly reused: boolean;
  /** What trained it; null until that is known. */
  readonly device: string | null;
  /** Trained in a browser's tab that somebody lent; its score was made by the server all the same. */
  readonly tab: boolean;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  /** Seconds of the search's clock at which the trial ended (or began, while it runs). */
  readonly at: number | null;
}

export interface BestScore {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly trialNumber: number;
  /** Seconds of the search's clock. */
  readonly at: number;
}

export interface PriorEvidence {
  /** `id` of the bank's task; searches of older versions did not keep it. */
  readonly tasks: readonly { id?: string; name: string; weight: number; reason: string }[];
  readonly changes: readonly { decision: string; before: string; after: string }[];
}

export interface SearchView {
  readonly id: string;
  readonly number: number;
  readonly projectId: string;
  readonly projectName: string;
  readonly datasetId: string;
  readonly datasetName: string;
  readonly versionId: string;
  readonly versionNumber: number;
  readonly rows: number | null;
  readonly target: string;
  readonly kind: TaskKind;
  readonly metric: MetricName;
  readonly direction: Direction;
  readonly state: SearchState;
  readonly request: SearchRequest;
  readonly seed: number;
  readonly budgetSeconds: number;
  /** Seconds of the budget used so far; stands still while paused. */
  readonly elapsedSeconds: number;
  /** True while the clock runs: add the time since this view was made. */
  readonly clockRuns: boolean;
  readonly phases: Readonly<Record<PhaseName, { planned: number; used: number }>>;
  readonly best: BestScore | null;
  /** Best random design so far and, at the end, the verdict against it. */
  readonly random: { count: number; best: number | null; verdict: Verdict | null };
  readonly prior: PriorEvidence | null;
  readonly trials: { done: number; failed: number; running: number; queued: number; reused: number };
  readonly workers: readonly { id: string; trialNumber: number; since: Date }[];
  readonly firstUsableSeconds: number | null;
  readonly testLooks: number;
  /** Facts of the prepared data: rows, folds, features, classes; null until prepared. */
  readonly prepared: PreparedFacts | null;
  readonly modelId: string | null;
  readonly result: RunResult | null;
  readonly error: string | null;
  /** Number of the newest event this view includes: subscribe from here. */
  readonly lastEvent: number;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

export interface SearchRow {
  readonly id: string;
  readonly number: number;
  readonly datasetName: string;
  readonly versionNumber: number;
  readonly target: string;
  readonly kind: TaskKind;
  readonly metric: MetricName;
  readonly direction: Direction;
  readonly state: SearchState;
  readonly budgetSeconds: number;
  readonly elapsedSeconds: number;
  readonly trialsDone: number;
  readonly best: number | null;
  /** Interval of `best`; null where only the value is known. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** Every improvement in order: seconds of the search's clock and the score reached. */
  readonly curve: readonly { readonly at: number; readonly value: number }[];
  /** Against random designs; null before the end. */
  readonly verdict: Verdict['verdict'] | null;
  readonly modelId: string | null;
  /** Display name of whoever started it; null once the account is gone. */
  readonly by: string | null;
  readonly error: string | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

export interface PreparedFacts {
  readonly trainRows: number;
  readonly testRows: number;
  readonly folds: number;
  readonly features: number;
  readonly classes: readonly string[] | null;
  readonly seconds: number;
  /** What preparation left out or changed, in plain words. */
  readonly notes: readonly string[];
}

export interface SearchEventData {
  state: { state: SearchState; error?: string | null };
  prepared: PreparedFacts;
  'trial.queued': { trial: TrialView };
  'trial.started': { trial: TrialView };
  'trial.ended': { trial: TrialView };
  best: BestScore;
  phase: { name: PhaseName; seconds: number };
  usable: { seconds: number };
  prior: PriorEvidence;
  log: { level: 'info' | 'warning' | 'error'; message: string };
  model: { modelId: string };
}
export type SearchEventKind = keyof SearchEventData;
export type SearchEvent = {
  [K in SearchEventKind]: {
    readonly number: number;
    readonly at: Date;
    readonly kind: K;
    readonly data: SearchEventData[K];
  };
}[SearchEventKind];

/** Interval of a repeated measurement. */
export interface Spread {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** report.json of a model. Validation means out-of-fold rows; the test is read once. */
export interface Report {
  readonly schema: 'warmstart.report/1';
  readonly metric: MetricName;
  readonly validation: Score | null;
  readonly test: Score | null;
  /** Every metric of the task's kind on both parts. */
  readonly scores: {
    readonly validation: Readonly<Record<string, number>>;
    readonly test: Readonly<Record<string, number>>;
  };
  /** Rows: actual class, columns: predicted; on the test part. */
  readonly confusion?: { classes: readonly string[]; counts: readonly (readonly number[])[] };
  readonly residuals?: {
    /** [actual, predicted], a sample of at most 1,000 test rows. */
    readonly points: readonly (readonly [number, number])[];
    /** [lower, upper] of the model's interval for each point, where it gives one. */
    readonly bounds?: readonly (readonly [number, number])[];
    /** Residual quantiles 0.05, 0.25, 0.5, 0.75, 0.95. */
    readonly quantiles: readonly number[];
  };
  /** How intervals kept their promise on the sealed test. */
  readonly intervals?: {
    readonly level: number;
    readonly method: IntervalMethod;
    readonly coverage: Score;
    /** Quantiles 0.1, 0.5, 0.9 of the widths, in the target's unit. */
    readonly widths: readonly number[];
  };
  /** How prediction sets kept theirs: shares of test rows whose set holds no, one, or several classes. */
  readonly sets?: SetSizes & {
    readonly level: number;
    readonly threshold: number;
    readonly coverage: Score;
  };
  /** Loss of score when a column is shuffled, through the exported file; larger is more important. */
  readonly importance: readonly ({ readonly column: string } & Spread)[];
  readonly importanceNote: string | null;
  /** Predicted probability of the winning or positive class against what was observed. */
  readonly reliability?: readonly { bin: number; predicted: number; observed: number; count: number }[];
  readonly roc?: readonly { fpr: number; tpr: number }[];
  /** The members of the ensemble, heaviest first; not in reports of older models. */
  readonly members?: readonly {
    /** Number of the trial in its search. */
    readonly trial: number;
    readonly learner: string;
    readonly design: string;
    readonly weight: number;
    /** Out-of-fold score of the member alone. */
    readonly score: number;
    /** What the out-of-fold score of the others together is worse by; null where there are none, or was no time. */
    readonly loss: Spread | null;
  }[];
  /** Two classes: what each decision threshold gives on out-of-fold rows, and the one in the file. */
  readonly thresholds?: {
    /** The class whose probability is compared. */
    readonly positive: string;
    readonly chosen: number;
    /** Whether it was tuned for the metric; else it is one half. */
    readonly tuned: boolean;
    readonly points: readonly ThresholdPoint[];
  };
}

export interface ModelView {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly projectId: string;
  readonly searchId: string;
  readonly searchNumber: number;
  readonly state: 'candidate' | 'verified' | 'published' | 'archived';
  readonly kind: TaskKind;
  readonly target: string;
  readonly metric: MetricName;
  readonly direction: Direction;
  readonly sha256: string;
  readonly bytes: number;
  readonly metadata: ModelMetadata;
  readonly result: RunResult;
  readonly verification: readonly Verification[];
  readonly testLooks: number;
  readonly publishableAt: Date | null;
  readonly createdAt: Date;
}

/** One node of the drawing of the exported graph: members folded into blocks, not single operators. */
export interface GraphOutline {
  readonly nodes: readonly {
    id: string;
    label: string;
    kind: 'input' | 'prepare' | 'member' | 'combine' | 'output';
    detail: string;
  }[];
  readonly edges: readonly { from: string; to: string; label?: string }[];
}
