/** What a receipt says, as far as running everything again needs it (docs/decisions: replay). */
import { z } from 'zod';
import type { SearchTrace } from '../strategies/trace.ts';
import { columnTypes } from './dataset.ts';
import {
  metricNames,
  searchRequestSchema,
  splitPolicySchema,
  taskKinds,
  trialOrigins,
  trialRoles,
  trialStates,
} from './task.ts';

const design = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** What training a trial again takes, and what must come out. */
export const trialRerunSchema = z.object({
  /** What the clock decided in each fold (`FitPlan`). */
  plans: z.array(z.record(z.string(), z.unknown())),
  /** What trained its networks, e.g. `onnxruntime-node 1.30.0 cpu`; null where there were none. */
  trainer: z.string().nullable(),
  /** Class of the CPU that trained it: equal bits are promised within one. */
  cpu: z.string(),
  /** SHA-256 of the fold models and their out-of-fold predictions. */
  bag: z.string(),
});
export type TrialRerun = z.infer<typeof trialRerunSchema>;

/** What the clock decided while the model was built, and what was measured before. */
export const buildRecordSchema = z.object({
  /** Trials among which members were chosen, best first, with the milliseconds that one row costs. */
  candidates: z.array(z.object({ trial: z.number().int(), rowMs: z.number() })),
  /** Milliseconds that one row of the ensemble might cost. */
  rowMsLimit: z.number(),
  /** Which look at the clock, from 1, ended the choice of members; null where none did. */
  stoppedAt: z.number().int().nullable(),
  /** Seconds that the intervals were planned with. */
  conformalSeconds: z.number(),
  /** Threads of the session that the test part was scored with. */
  threads: z.number().int(),
});
export type BuildRecord = z.infer<typeof buildRecordSchema>;

const tableSchema = z.object({
  contentHash: z.string().nullable(),
  /** SHA-256 of the file as it was uploaded. */
  source: z.string(),
  rows: z.number().nullable(),
  /** Types that people set. */
  types: z.record(z.string(), z.enum(columnTypes)),
  /** Rows of the file that were left out, ascending from 0. */
  excludedRows: z.array(z.number().int()),
});

export const machineSchema = z.object({
  /** Class of the CPU that built the model. */
  cpu: z.string(),
  model: z.string(),
});

/** The content of each part by its name. */
export const receiptContents = {
  code: z.object({ version: z.string(), commit: z.string().nullable(), node: z.string() }),
  data: tableSchema.extend({ test: tableSchema.nullable() }),
  task: z.object({
    hash: z.string(),
    protocol: z.string(),
    splitSeed: z.number(),
    split: splitPolicySchema,
    testFraction: z.number(),
    seed: z.number(),
  }),
  ensemble: z.looseObject({
    members: z.array(z.object({ design, weight: z.number(), steps: z.array(z.number()) })),
  }),
  graph: z.object({ sha256: z.string(), bytes: z.number() }),
  verification: z.array(z.looseObject({ runtime: z.string() })),
  scores: z.looseObject({
    validation: z.looseObject({ rows: z.number().int() }),
    test: z.looseObject({ rows: z.number().int() }).nullable(),
  }),
  request: z.looseObject({
    target: z.string(),
    kind: z.enum(taskKinds),
    metric: z.enum(metricNames),
    positiveClass: z.string().nullish(),
    costs: searchRequestSchema.shape.costs,
    monotone: searchRequestSchema.shape.monotone,
    budgetSeconds: z.number(),
    seed: z.number(),
  }),
  prepared: z.looseObject({ setup: z.looseObject({}) }),
  trials: z.array(
    z.looseObject({
      number: z.number().int(),
      key: z.string(),
      role: z.enum(trialRoles),
      origin: z.enum(trialOrigins),
      design,
      seed: z.number(),
      state: z.enum(trialStates),
      score: z.number().nullable(),
      reused: z.boolean(),
      device: z.string().nullable(),
      rerun: trialRerunSchema.nullable(),
    }),
  ),
  trace: z.custom<SearchTrace>(isTrace),
  members: z.looseObject({ trials: z.array(z.number().int()) }),
  build: buildRecordSchema,
  machine: machineSchema,
  model: z.object({ sha256: z.string(), bytes: z.number() }),
} as const;

export type ReceiptName = keyof typeof receiptContents;
export type ReceiptContents = { [Name in ReceiptName]: z.infer<(typeof receiptContents)[Name]> };

/** Its form alone: what it says is judged by asking again. */
function isTrace(value: unknown): value is SearchTrace {
  const { strategy, setup, entries } = (value ?? {}) as Partial<SearchTrace>;
  return (
    typeof strategy === 'string' &&
    typeof setup === 'object' &&
    setup !== null &&
    Array.isArray(setup.prior) &&
    Array.isArray(entries) &&
    entries.every((entry) => ('ask' in entry ? Array.isArray(entry.proposals) : Array.isArray(entry.tell)))
  );
}
