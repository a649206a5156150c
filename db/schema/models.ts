/** Models, what checked them, and the devices that ran them. */
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { DataErrorDetail } from '../../core/contracts/dataset.ts';
import type { ReplayReport } from '../../core/contracts/replay.ts';
import type { ModelMetadata, RunResult, Verification } from '../../core/contracts/result.ts';
import { users } from './accounts.ts';
import { createdAt, id, moment } from './columns.ts';
import { searches } from './searches.ts';
import { projects } from './workspaces.ts';

export const models = pgTable(
  'models',
  {
    id: id(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    searchId: uuid('search_id')
      .notNull()
      .references(() => searches.id, { onDelete: 'cascade' }),
    number: integer('number').notNull(),
    name: text('name').notNull(),
    state: text('state', { enum: ['candidate', 'verified', 'published', 'archived'] })
      .notNull()
      .default('candidate'),
    alias: text('alias'),
    onnxKey: text('onnx_key').notNull(),
    sha256: text('sha256').notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    metadata: jsonb('metadata').$type<ModelMetadata>().notNull(),
    result: jsonb('result').$type<RunResult>().notNull(),
    /** Blob of golden.jsonl. */
    goldenKey: text('golden_key').notNull(),
    /** Blob of report.json: confusion or residuals, importance, reliability, graph outline. */
    reportKey: text('report_key').notNull(),
    receiptKey: text('receipt_key').notNull(),
    verification: jsonb('verification').$type<Verification[]>().notNull(),
    /** Where the look for faults in the training rows stands; null for models that nobody looked through. */
    faultsState: text('faults_state', { enum: ['queued', 'ready', 'failed'] }),
    /** How often that look was begun and not ended in good order. */
    attempts: integer('attempts').notNull().default(0),
    /** Set once a real browser's outputs agreed. */
    publishableAt: moment('publishable_at'),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('models_number').on(t.projectId, t.number),
    index('models_search').on(t.searchId),
    // The watch looks for forgotten work every two seconds.
    index('models_queued').on(t.createdAt).where(sql`${t.faultsState} = 'queued'`),
  ],
);

/** A file that a worker predicts with a model. */
export const predictions = pgTable(
  'predictions',
  {
    id: id(),
    modelId: uuid('model_id')
      .notNull()
      .references(() => models.id, { onDelete: 'cascade' }),
    userId: uuid('user_id').references(() => users.id, { onDelete: 'set null' }),
    fileName: text('file_name').notNull(),
    /** Blob of the rows as uploaded; removed once they are predicted. */
    sourceKey: text('source_key').notNull(),
    sourceBytes: bigint('source_bytes', { mode: 'number' }).notNull(),
    format: text('format', { enum: ['csv', 'parquet'] }).notNull(),
    state: text('state', { enum: ['queued', 'running', 'ready', 'failed'] })
      .notNull()
      .default('queued'),
    /** Rows predicted so far. */
    rows: bigint('rows', { mode: 'number' }).notNull().default(0),
    bytes: bigint('bytes', { mode: 'number' }),
    /** What was taken as missing, in plain words. */
    notes: jsonb('notes').$type<string[]>().notNull().default([]),
    error: jsonb('error').$type<DataErrorDetail>(),
    /** How often it was begun and not ended in good order. */
    attempts: integer('attempts').notNull().default(0),
    createdAt: createdAt(),
    endedAt: moment('ended_at'),
  },
  (t) => [
    index('predictions_model').on(t.modelId),
    index('predictions_open').on(t.createdAt).where(sql`${t.state} in ('queued', 'running')`),
  ],
);

/** A model's receipt, run again by a worker. */
export const replays = pgTable(
  'replays',
  {
    id: id(),
    modelId: uuid('model_id')
      .notNull()
      .references(() => models.id, { onDelete: 'cascade' }),
    userId: uuid('user_id').references(() => users.id, { onDelete: 'set null' }),
    /** Every finished trial is trained again, not only those that the file is made of. */
    all: boolean('all').notNull().default(false),
    state: text('state', { enum: ['queued', 'running', 'ready', 'failed'] })
      .notNull()
      .default('queued'),
    report: jsonb('report').$type<ReplayReport>(),
    error: text('error'),
    /** How often it was begun and not ended in good order. */
    attempts: integer('attempts').notNull().default(0),
    createdAt: createdAt(),
    endedAt: moment('ended_at'),
  },
  (t) => [
    index('replays_model').on(t.modelId),
    // One at a time: what a second one would find is what the first one finds.
    uniqueIndex('replays_open').on(t.modelId).where(sql`${t.state} in ('queued', 'running')`),
  ],
);

/** One run of the golden rows in a real browser, compared on the server. */
export const browserChecks = pgTable('browser_checks', {
  id: id(),
  modelId: uuid('model_id')
    .notNull()
    .references(() => models.id, { onDelete: 'cascade' }),
  userId: uuid('user_id').references(() => users.id, { onDelete: 'set null' }),
  browser: text('browser').notNull(),
  runtime: text('runtime').notNull(),
  threads: integer('threads').notNull().default(1),
  rows: integer('rows').notNull(),
  maxAbsDiff: doublePrecision('max_abs_diff').notNull(),
  labelFlips: integer('label_flips').notNull(),
  pass: integer('pass').notNull(),
  /** What differed, row by row, where it failed. */
  differences: jsonb('differences')
    .$type<{ row: number; output: string; expected: string; got: string }[]>()
    .notNull()
    .default([]),
  oneRowMs: doublePrecision('one_row_ms'),
  batch128Ms: doublePrecision('batch128_ms'),
  createdAt: createdAt(),
});
