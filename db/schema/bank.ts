/** The task-model bank: what earlier searches learned. */
import { doublePrecision, index, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { createdAt, id } from './columns.ts';
import { workspaces } from './workspaces.ts';

export const bankTasks = pgTable(
  'bank_tasks',
  {
    id: id(),
    workspaceId: uuid('workspace_id').references(() => workspaces.id, { onDelete: 'cascade' }),
    scope: text('scope', { enum: ['private', 'workspace', 'public', 'seed'] }).notNull(),
    taskHash: text('task_hash').notNull(),
    kind: text('kind').notNull(),
    metric: text('metric').notNull(),
    name: text('name').notNull(),
    metaFeatures: jsonb('meta_features').$type<Record<string, number>>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('bank_tasks_hash').on(t.workspaceId, t.taskHash)],
);

export const bankTrials = pgTable(
  'bank_trials',
  {
    id: id(),
    bankTaskId: uuid('bank_task_id')
      .notNull()
      .references(() => bankTasks.id, { onDelete: 'cascade' }),
    trialKey: text('trial_key').notNull(),
    designHash: text('design_hash').notNull(),
    learner: text('learner').notNull(),
    design: jsonb('design').$type<Record<string, string | number | boolean>>().notNull(),
    origin: text('origin').notNull(),
    score: doublePrecision('score').notNull(),
    seconds: doublePrecision('seconds').notNull(),
    provenance: jsonb('provenance').$type<Record<string, unknown>>().notNull(),
    artifactKey: text('artifact_key'),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('bank_trials_key').on(t.bankTaskId, t.trialKey), index('bank_trials_task').on(t.bankTaskId)],
);
