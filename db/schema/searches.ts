/** Tasks, searches, trials, events. */
import { sql } from 'drizzle-orm';
import {
  bigint,
  doublePrecision,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { TrialRerun } from '../../core/contracts/receipt.ts';
import type { RunResult } from '../../core/contracts/result.ts';
import {
  metricNames,
  type SearchRequest,
  searchStates,
  taskKinds,
  trialOrigins,
  trialRoles,
  trialStates,
} from '../../core/contracts/task.ts';
import { users } from './accounts.ts';
import { createdAt, id, moment } from './columns.ts';
import { datasetVersions } from './datasets.ts';
import { projects } from './workspaces.ts';

/** A version + kind + target + metric + split policy + protocol: what scores are comparable within. */
export const tasks = pgTable(
  'tasks',
  {
    id: id(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    datasetVersionId: uuid('dataset_version_id')
      .notNull()
      .references(() => datasetVersions.id, { onDelete: 'cascade' }),
    testVersionId: uuid('test_version_id').references(() => datasetVersions.id, { onDelete: 'set null' }),
    kind: text('kind', { enum: taskKinds }).notNull(),
    target: text('target').notNull(),
    metric: text('metric', { enum: metricNames }).notNull(),
    positiveClass: text('positive_class'),
    /** Hash over everything that makes scores comparable: content, target, metric, split, seed of the split. */
    hash: text('hash').notNull(),
    split: jsonb('split').$type<SearchRequest['split']>().notNull(),
    testFraction: doublePrecision('test_fraction').notNull(),
    /** How often the sealed test was read. */
    testLooks: integer('test_looks').notNull().default(0),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('tasks_hash').on(t.projectId, t.hash)],
);

export const searches = pgTable(
  'searches',
  {
    id: id(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    taskId: uuid('task_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    /** 1, 2, 3 … within the project. */
    number: integer('number').notNull(),
    createdBy: uuid('created_by').references(() => users.id, { onDelete: 'set null' }),
    state: text('state', { enum: searchStates }).notNull().default('queued'),
    request: jsonb('request').$type<SearchRequest>().notNull(),
    seed: bigint('seed', { mode: 'number' }).notNull(),
    budgetSeconds: integer('budget_seconds').notNull(),
    /** Seconds of the budget used before the last pause. */
    usedSeconds: doublePrecision('used_seconds').notNull().default(0),
    /** When the clock last started to run; null while queued, paused or ended. */
    clockStartedAt: moment('clock_started_at'),
    /** JSON state of the strategy (ask, tell), as text: what it does next may hang on the order of keys. */
    strategyState: json('strategy_state'),
    /** Increments with every state change of the strategy: compare-and-set for `search.step`. */
    revision: integer('revision').notNull().default(0),
    /** Blob of the prepared training data; it holds no test row. */
    preparedKey: text('prepared_key'),
    /** Facts of the prepared data that pages show: rows, folds, features, classes. */
    prepared: jsonb('prepared').$type<Record<string, unknown>>(),
    /** How often preparing or finalising was begun and not ended in good order. */
    attempts: integer('attempts').notNull().default(0),
    finishRequested: text('finish_requested', { enum: ['finish', 'cancel', 'pause'] }),
    firstUsableSeconds: doublePrecision('first_usable_seconds'),
    phaseSeconds: jsonb('phase_seconds').$type<Record<string, number>>().notNull().default({}),
    /** Blob of the best model so far, exported and checked in Node. */
    provisionalKey: text('provisional_key'),
    result: jsonb('result').$type<RunResult>(),
    error: text('error'),
    lastEvent: integer('last_event').notNull().default(0),
    createdAt: createdAt(),
    startedAt: moment('started_at'),
    endedAt: moment('ended_at'),
  },
  (t) => [uniqueIndex('searches_number').on(t.projectId, t.number), index('searches_state').on(t.state)],
);

export const trials = pgTable(
  'trials',
  {
    id: id(),
    searchId: uuid('search_id')
      .notNull()
      .references(() => searches.id, { onDelete: 'cascade' }),
    /** 1, 2, 3 … within the search, in order of proposal. */
    number: integer('number').notNull(),
    /** Hash of task version, design, recipe, fidelity and protocol (CONTRACTS.md, Trials). */
    key: text('key').notNull(),
    role: text('role', { enum: trialRoles }).notNull(),
    replicate: integer('replicate').notNull().default(0),
    origin: text('origin', { enum: trialOrigins }).notNull(),
    learner: text('learner').notNull(),
    design: jsonb('design').$type<Record<string, string | number | boolean>>().notNull(),
    /** Plain words: "boosting · 31 leaves · rate 0.05". */
    summary: text('summary').notNull(),
    seed: bigint('seed', { mode: 'number' }).notNull(),
    state: text('state', { enum: trialStates }).notNull().default('queued'),
    reused: integer('reused').notNull().default(0),
    score: doublePrecision('score'),
    low: doublePrecision('low'),
    high: doublePrecision('high'),
    seconds: doublePrecision('seconds'),
    bytes: bigint('bytes', { mode: 'number' }),
    oneRowMs: doublePrecision('one_row_ms'),
    peakMegabytes: doublePrecision('peak_megabytes'),
    steps: jsonb('steps').$type<number[]>(),
    /** What training it again takes; null where that cannot be done here. */
    rerun: jsonb('rerun').$type<TrialRerun>(),
    notes: jsonb('notes').$type<string[]>().notNull().default([]),
    error: text('error'),
    device: text('device'),
    /** Blob of fold models and out-of-fold predictions. */
    artifactKey: text('artifact_key'),
    /** Worker that runs it and its last sign of life. */
    worker: text('worker'),
    heartbeatAt: moment('heartbeat_at'),
    attempts: integer('attempts').notNull().default(0),
    createdAt: createdAt(),
    startedAt: moment('started_at'),
    endedAt: moment('ended_at'),
  },
  (t) => [
    uniqueIndex('trials_number').on(t.searchId, t.number),
    uniqueIndex('trials_key')
      .on(t.searchId, t.key, t.role, t.replicate)
      .where(sql`${t.state} in ('queued', 'running', 'done')`),
    index('trials_state').on(t.searchId, t.state),
    // Reuse looks for a key across searches, workers and quotas for what runs at all.
    index('trials_reuse').on(t.key).where(sql`${t.state} = 'done'`),
    index('trials_open').on(t.state).where(sql`${t.state} in ('queued', 'running')`),
  ],
);

/** What a live page replays: numbered per search in the transaction that writes the rows it tells of. */
export const events = pgTable(
  'events',
  {
    searchId: uuid('search_id')
      .notNull()
      .references(() => searches.id, { onDelete: 'cascade' }),
    number: integer('number').notNull(),
    kind: text('kind').notNull(),
    data: jsonb('data').$type<Record<string, unknown>>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.searchId, t.number] })],
);
