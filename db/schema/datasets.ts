/** Uploads, data sets and their immutable versions. */
import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { ColumnType, DataErrorDetail, Profile } from '../../core/contracts/dataset.ts';
import type { SplitReport } from '../../core/contracts/splits.ts';
import { taskKinds } from '../../core/contracts/task.ts';
import { users } from './accounts.ts';
import { createdAt, id, moment } from './columns.ts';
import { projects } from './workspaces.ts';

/** A raw file on its way in, resumable by offset. */
export const uploads = pgTable('uploads', {
  id: id(),
  projectId: uuid('project_id')
    .notNull()
    .references(() => projects.id, { onDelete: 'cascade' }),
  userId: uuid('user_id').references(() => users.id, { onDelete: 'set null' }),
  fileName: text('file_name').notNull(),
  bytes: bigint('bytes', { mode: 'number' }).notNull(),
  received: bigint('received', { mode: 'number' }).notNull().default(0),
  state: text('state', { enum: ['receiving', 'complete', 'cancelled'] })
    .notNull()
    .default('receiving'),
  blobKey: text('blob_key').notNull(),
  sha256: text('sha256'),
  createdAt: createdAt(),
  updatedAt: moment('updated_at').notNull().defaultNow(),
});

export const datasets = pgTable(
  'datasets',
  {
    id: id(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    createdAt: createdAt(),
  },
  (t) => [index('datasets_project').on(t.projectId)],
);

/** Immutable: a changed type or an excluded row makes a new version. */
export const datasetVersions = pgTable(
  'dataset_versions',
  {
    id: id(),
    datasetId: uuid('dataset_id')
      .notNull()
      .references(() => datasets.id, { onDelete: 'cascade' }),
    number: integer('number').notNull(),
    state: text('state', { enum: ['queued', 'reading', 'ready', 'failed'] })
      .notNull()
      .default('queued'),
    /** How often reading was begun and not ended in good order. */
    attempts: integer('attempts').notNull().default(0),
    /** Blob of the file as uploaded, and its hash. */
    sourceKey: text('source_key').notNull(),
    sourceSha256: text('source_sha256').notNull(),
    sourceName: text('source_name').notNull(),
    sourceBytes: bigint('source_bytes', { mode: 'number' }).notNull(),
    /** SHA-256 of source hash and schema; equal content and types mean the same version. */
    contentHash: text('content_hash'),
    /** Rows of the file that this version leaves out, ascending from 0, before any are left out. */
    excludedRows: jsonb('excluded_rows').$type<number[]>().notNull().default([]),
    /** Types the person set by hand, by column name. */
    typeOverrides: jsonb('type_overrides').$type<Record<string, ColumnType>>().notNull().default({}),
    /** Blob of the Parquet file that every later step reads. */
    parquetKey: text('parquet_key'),
    parquetBytes: bigint('parquet_bytes', { mode: 'number' }),
    rows: bigint('rows', { mode: 'number' }),
    profile: jsonb('profile').$type<Profile>(),
    /** Blob of the preview: JSON lines, first rows as strings. */
    previewKey: text('preview_key'),
    error: jsonb('error').$type<DataErrorDetail>(),
    createdAt: createdAt(),
    readyAt: moment('ready_at'),
  },
  (t) => [uniqueIndex('dataset_versions_number').on(t.datasetId, t.number)],
);

/** What a fast probe found about splitting a version for a target, with a separate test table or without. */
export const splitReports = pgTable(
  'split_reports',
  {
    id: id(),
    versionId: uuid('version_id')
      .notNull()
      .references(() => datasetVersions.id, { onDelete: 'cascade' }),
    testVersionId: uuid('test_version_id').references(() => datasetVersions.id, { onDelete: 'cascade' }),
    target: text('target').notNull(),
    kind: text('kind', { enum: taskKinds }).notNull(),
    state: text('state', { enum: ['queued', 'running', 'ready', 'failed'] })
      .notNull()
      .default('queued'),
    report: jsonb('report').$type<SplitReport>(),
    error: text('error'),
    /** How often it was begun and not ended in good order. */
    attempts: integer('attempts').notNull().default(0),
    createdAt: createdAt(),
    endedAt: moment('ended_at'),
  },
  (t) => [
    // One for each question that can be asked: nulls differ from each other, so a version stands in for no test.
    uniqueIndex('split_reports_subject').on(
      t.versionId,
      t.kind,
      t.target,
      sql`coalesce(${t.testVersionId}, ${t.versionId})`,
    ),
  ],
);
