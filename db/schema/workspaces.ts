/** Workspaces, projects, who belongs to them, and invitations. */
import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts.ts';
import { createdAt, id, moment } from './columns.ts';

export const roles = ['viewer', 'editor', 'admin', 'owner'] as const;

export const workspaces = pgTable('workspaces', {
  id: id(),
  name: text('name').notNull(),
  /** Quotas; null means the server's default. */
  maxBytes: bigint('max_bytes', { mode: 'number' }),
  maxRows: bigint('max_rows', { mode: 'number' }),
  maxConcurrentTrials: integer('max_concurrent_trials'),
  maxBudgetSeconds: integer('max_budget_seconds'),
  createdAt: createdAt(),
});

export const projects = pgTable(
  'projects',
  {
    id: id(),
    workspaceId: uuid('workspace_id')
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    createdAt: createdAt(),
  },
  (t) => [index('projects_workspace').on(t.workspaceId)],
);

/** A role in one project, or in all projects of the workspace where `projectId` is null. */
export const memberships = pgTable(
  'memberships',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    workspaceId: uuid('workspace_id')
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    projectId: uuid('project_id').references(() => projects.id, { onDelete: 'cascade' }),
    role: text('role', { enum: roles }).notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('memberships_project').on(t.userId, t.projectId).where(sql`${t.projectId} is not null`),
    uniqueIndex('memberships_workspace').on(t.userId, t.workspaceId).where(sql`${t.projectId} is null`),
  ],
);

/** Invitation links: the token is stored hashed and can be revoked. */
export const invitations = pgTable(
  'invitations',
  {
    id: id(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    role: text('role', { enum: ['viewer', 'editor', 'admin'] }).notNull(),
    tokenHash: text('token_hash').notNull(),
    email: text('email'),
    createdBy: uuid('created_by')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    expiresAt: moment('expires_at').notNull(),
    acceptedAt: moment('accepted_at'),
    revokedAt: moment('revoked_at'),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('invitations_token').on(t.tokenHash)],
);
