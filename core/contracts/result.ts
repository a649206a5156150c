/** What a finished search says: the JSON of `warmstart run --json`, receipts and golden rows (CONTRACTS.md). */
import { z } from 'zod';
import { metricNames, taskKinds } from './task.ts';

export const scoreSchema = z.object({ value: z.number(), low: z.number(), high: z.number(), rows: z.number().int() });
export type Score = z.infer<typeof scoreSchema>;

export const verdictSchema = z.object({
  /** Best validation score of the random designs. */
  value: z.number(),
  low: z.number(),
  high: z.number(),
  verdict: z.enum(['better', 'tie', 'worse']),
});
export type Verdict = z.infer<typeof verdictSchema>;

export const verificationSchema = z.object({
  runtime: z.string(),
  rows: z.number().int(),
  maxAbsDiff: z.number(),
  labelFlips: z.number().int(),
  pass: z.boolean(),
});
export type Verification = z.infer<typeof verificationSchema>;

export const runResultSchema = z.object({
  schema: z.literal('warmstart.run/1'),
  status: z.enum(['ready', 'failed', 'cancelled']),
  searchId: z.string(),
  task: z.enum(taskKinds),
  target: z.string(),
  metric: z.object({ name: z.enum(metricNames), direction: z.enum(['maximize', 'minimize']) }),
  model: z
    .object({
      path: z.string(),
      sha256: z.string(),
      bytes: z.number().int(),
      members: z.array(z.object({ learner: z.string(), weight: z.number(), design: z.string() })),
    })
    .nullable(),
  scores: z.object({ validation: scoreSchema.nullable(), test: scoreSchema.nullable() }),
  random: verdictSchema.nullable(),
  trials: z.object({ done: z.number().int(), failed: z.number().int(), reused: z.number().int() }),
  seconds: z.object({
    total: z.number(),
    firstUsable: z.number().nullable(),
    search: z.number(),
    finalise: z.number(),
    verify: z.number(),
  }),
  verification: z.array(verificationSchema),
  seed: z.number().int(),
  receipt: z.string().nullable(),
  error: z.string().nullish(),
  /** Why there is no model: the data, no trial that finished, or runtimes that disagree. */
  failure: z.enum(['data', 'no_model', 'verification']).nullish(),
});
export type RunResult = z.infer<typeof runResultSchema>;

/** One line of golden.jsonl: raw inputs as a user holds them (null = missing) and the expected outputs. */
export const goldenRowSchema = z.object({
  inputs: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  /** Why the row is there. */
  reason: z.enum(['sampled', 'boundary', 'missing', 'unseen', 'extreme']),
  label: z.string().nullish(),
  probabilities: z.array(z.number()).nullish(),
  value: z.number().nullish(),
  /** Bounds of the value, where the model gives an interval. */
  lower: z.number().nullish(),
  upper: z.number().nullish(),
});
export type GoldenRow = z.infer<typeof goldenRowSchema>;

/** What the width of an interval depends on: nothing, the predicted value, or the row as well. */
export const intervalMethods = ['even', 'by_value', 'by_row'] as const;
export type IntervalMethod = (typeof intervalMethods)[number];

/**
 * What a model says about its own certainty: intervals around numbers (outputs `value_lower` and `value_upper`), or the
 * probability from which a class belongs to the prediction set.
 */
export const conformalSchema = z.object({
  /** Share of new rows whose target the interval, or the set, is made to hold. */
  level: z.number(),
  /** Regression: what the width of an interval depends on. */
  method: z.enum(intervalMethods).nullish(),
  /** Classification: the probability from which a class belongs to the set. */
  threshold: z.number().nullish(),
  /** Share of the sealed test rows that were held; null until it was read. */
  coverage: scoreSchema.nullable(),
});
export type ConformalSummary = z.infer<typeof conformalSchema>;

/** The JSON under `metadata_props.warmstart` of every exported file. */
export const modelMetadataSchema = z.object({
  schema: z.literal('warmstart.model/1'),
  task: z.enum(taskKinds),
  target: z.string(),
  classes: z.array(z.string()).nullable(),
  positiveClass: z.string().nullish(),
  metric: z.enum(metricNames),
  scores: z.object({ validation: scoreSchema.nullable(), test: scoreSchema.nullable() }),
  columns: z.array(
    z.object({
      /** Graph input name. */
      input: z.string(),
      /** Header in the uploaded file. */
      name: z.string(),
      type: z.enum(['number', 'category', 'boolean', 'date', 'text']),
      tensor: z.enum(['float32', 'float64', 'string']),
      min: z.number().nullish(),
      max: z.number().nullish(),
      typical: z.union([z.number(), z.string()]).nullish(),
      categories: z.array(z.string()).nullish(),
    }),
  ),
  conformal: conformalSchema.nullish(),
  receipt: z.string().nullish(),
});
export type ModelMetadata = z.infer<typeof modelMetadataSchema>;
