/** Starts a search: checks the request against the data, then one transaction for task, search, first event and job. */
import { and, count, eq, notInArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { ColumnProfile } from '#core/contracts/dataset.ts';
import { metricInfo, type SearchRequest, searchRequestSchema } from '#core/contracts/task.ts';
import type { Tx } from '#db/client.ts';
import { datasets, datasetVersions } from '#db/schema/datasets.ts';
import { searches } from '#db/schema/searches.ts';
import { projects, workspaces } from '#db/schema/workspaces.ts';
import { appendEvent } from '../../events/index.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { authorize } from '../scopes.ts';
import { ensureTask } from './task.ts';

type Version = typeof datasetVersions.$inferSelect;

/** A request, and how many seconds of its budget reading the file has already used. */
export const startSearchSchema = searchRequestSchema.extend({
  spentSeconds: z.number().min(0).max(86_400).optional(),
});

/** The data cannot carry the task. */
function refuse(message: string, column?: string): never {
  throw new AppError('invalid', message, column ? { column } : undefined);
}

/** The request names something that these data do not have or that does not go together; `field` of it is to be changed. */
function misasked(
  field: 'target' | 'metric' | 'positiveClass' | 'kind' | 'monotone' | 'split' | 'budgetSeconds',
  message: string,
): never {
  throw new AppError('invalid', message, { field });
}

function requireColumn(
  columns: readonly ColumnProfile[],
  name: string,
  what: 'target' | 'group' | 'time',
): ColumnProfile {
  const column = columns.find((c) => c.name === name);
  if (!column) {
    const names = columns.slice(0, 8).map((c) => `"${c.name}"`);
    misasked(
      what === 'target' ? 'target' : 'split',
      `There is no ${what} column "${name}". The columns are ${names.join(', ')}${columns.length > 8 ? ', …' : ''}.`,
    );
  }
  return column;
}

/** Directions are for columns of numbers, and for what is one number: a value, or the probability of one of two classes. */
function checkMonotone(
  { monotone, kind }: SearchRequest,
  columns: readonly ColumnProfile[],
  target: ColumnProfile,
): void {
  const names = Object.keys(monotone ?? {});
  if (names.length > 0 && kind === 'classification' && target.distinct > 2)
    misasked(
      'monotone',
      `A direction along a column is for numbers and for two classes; "${target.name}" has ${target.distinct} classes.`,
    );
  for (const name of names) {
    const column = columns.find((c) => c.name === name);
    if (!column) misasked('monotone', `There is no column "${name}" to give a direction.`);
    if (name === target.name) misasked('monotone', `"${name}" is the target; a direction is for the other columns.`);
    if (column.type !== 'number')
      misasked('monotone', `A direction needs a column of numbers, but "${name}" is ${column.type}.`);
  }
}

/** Whether the data can carry the task; every refusal says what to change. */
function checkRequest(request: SearchRequest, version: Version): void {
  const columns = version.profile?.columns ?? [];
  const target = requireColumn(columns, request.target, 'target');
  const usable = columns.filter((c) => c.name !== request.target && c.type !== 'ignore');
  if (usable.length === 0) refuse('There is no column left to learn from besides the target.');
  const info = metricInfo[request.metric];
  if (!(info.kinds as readonly string[]).includes(request.kind))
    misasked('metric', `The metric ${request.metric} is not for ${request.kind}.`);
  const rows = (version.rows ?? 0) - target.missing;
  if (rows < 10)
    refuse(`Only ${rows} ${rows === 1 ? 'row has' : 'rows have'} a target; at least 10 are needed.`, target.name);
  if (request.kind === 'classification') {
    if (target.distinct < 2)
      refuse(`The target "${target.name}" holds one value only, so there is nothing to learn.`, target.name);
    if (target.distinct > 1000)
      refuse(
        `The target "${target.name}" holds ${target.distinct} different values; at most 1,000 classes are supported. Is it a number? Then choose regression.`,
        target.name,
      );
    if (request.metric === 'f1' && target.distinct > 2)
      misasked(
        'metric',
        `The metric f1 is for two classes, and "${target.name}" has ${target.distinct}; choose f1_macro.`,
      );
    const classes = target.top.map(({ value }) => value);
    if (request.positiveClass && target.distinct === 2 && !classes.includes(request.positiveClass))
      misasked(
        'positiveClass',
        `The target "${target.name}" has no class "${request.positiveClass}": it has ${classes.join(' and ')}.`,
      );
  } else if (target.type !== 'number') {
    misasked(
      'kind',
      `Regression needs a target of numbers, but "${target.name}" is ${target.type}; choose classification.`,
    );
  } else if (target.distinct < 2) {
    refuse(`The target "${target.name}" holds one value only, so there is nothing to learn.`, target.name);
  }
  if (request.costs && Object.keys(request.costs).length > 0 && request.metric !== 'cost')
    misasked('metric', `Costs of mistakes are for the metric cost, not for ${request.metric}.`);
  if (request.metric === 'rmsle' && (target.min ?? 0) < 0)
    misasked('metric', 'RMSLE needs a target without negative values; choose rmse.');
  checkMonotone(request, columns, target);
  if (request.split.kind === 'group') requireColumn(columns, request.split.groupColumn, 'group');
  if (request.split.kind === 'time') requireColumn(columns, request.split.timeColumn, 'time');
}

async function readyVersion(ctx: ServiceContext, projectId: string, versionId: string): Promise<Version> {
  const [row] = await ctx.db
    .select({ version: datasetVersions })
    .from(datasetVersions)
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(and(eq(datasetVersions.id, versionId), eq(datasets.projectId, projectId)));
  if (!row) throw new AppError('not_found', 'There is no such data set version in this project.');
  if (row.version.state === 'failed')
    throw new AppError('bad_data', row.version.error?.message ?? 'This file could not be read.');
  if (row.version.state !== 'ready') throw new AppError('conflict', 'This data set is still being read.');
  return row.version;
}

/** The workspace's quota where it has one, else the server's limit. */
async function longestBudget(ctx: ServiceContext, workspaceId: string): Promise<number> {
  const [row] = await ctx.db
    .select({ seconds: workspaces.maxBudgetSeconds })
    .from(workspaces)
    .where(eq(workspaces.id, workspaceId));
  return Math.min(row?.seconds ?? Number.POSITIVE_INFINITY, ctx.config.limits.maxBudgetSeconds);
}

/** Locks the workspace, so that two starts at once do not both see the last free place. */
async function requirePlace(ctx: ServiceContext, tx: Tx, workspaceId: string): Promise<void> {
  await tx.select({ id: workspaces.id }).from(workspaces).where(eq(workspaces.id, workspaceId)).for('no key update');
  const [row] = await tx
    .select({ n: count() })
    .from(searches)
    .innerJoin(projects, eq(projects.id, searches.projectId))
    .where(
      and(
        eq(projects.workspaceId, workspaceId),
        notInArray(searches.state, ['paused', 'ready', 'failed', 'cancelled']),
      ),
    );
  const most = ctx.config.limits.workspaceSearches;
  if ((row?.n ?? 0) >= most)
    throw new AppError(
      'conflict',
      `This workspace has ${most} searches under way, which is the most here: wait until one ends, pause one or cancel one.`,
    );
}

/**
 * @returns the search's id and its number within the project
 * @throws AppError `invalid` with the fix, `not_found`, `forbidden`, `conflict`
 */
export async function startSearch(
  ctx: ServiceContext,
  input: z.input<typeof startSearchSchema>,
): Promise<{ searchId: string; number: number }> {
  const access = await authorize(ctx, 'search.start', { versionId: input.datasetVersionId });
  const projectId = access.projectId as string;
  const { spentSeconds, ...request } = startSearchSchema.parse(input);
  const longest = await longestBudget(ctx, access.workspaceId);
  if (request.budgetSeconds > longest) misasked('budgetSeconds', `The budget may be at most ${longest} seconds here.`);
  const version = await readyVersion(ctx, projectId, request.datasetVersionId);
  const test = request.testVersionId ? await readyVersion(ctx, projectId, request.testVersionId) : null;
  checkRequest(request, version);
  if (test && !test.profile?.columns.some((column) => column.name === request.target))
    refuse(`The test table has no column "${request.target}", which is the target.`, request.target);

  return ctx.db.transaction(async (tx) => {
    await requirePlace(ctx, tx, access.workspaceId);
    // The project's row serialises numbering.
    await tx.select({ id: projects.id }).from(projects).where(eq(projects.id, projectId)).for('update');
    const taskId = await ensureTask(tx, projectId, request, version, test);
    const [search] = await tx
      .insert(searches)
      .values({
        projectId,
        taskId,
        number: sql`(select coalesce(max(${searches.number}), 0) + 1 from ${searches} where ${searches.projectId} = ${projectId})`,
        createdBy: ctx.actor.kind === 'user' ? ctx.actor.userId : null,
        request,
        seed: request.seed,
        budgetSeconds: request.budgetSeconds,
        usedSeconds: spentSeconds ?? 0,
        // Who counts from the start of a command counts the wait for a worker too.
        clockStartedAt: spentSeconds === undefined ? null : ctx.now(),
        createdAt: ctx.now(),
      })
      .returning({ id: searches.id, number: searches.number });
    if (!search) throw new Error('the search was not inserted');
    await appendEvent(tx, search.id, 'state', { state: 'queued' });
    await recordAudit(tx, ctx, {
      ...access,
      action: 'search.start',
      subject: `search:${search.id}`,
      detail: { budget: request.budgetSeconds },
    });
    await ctx.queue.send(tx, 'search.prepare', { searchId: search.id });
    return { searchId: search.id, number: search.number };
  });
}
