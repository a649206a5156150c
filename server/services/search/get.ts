/** One search with all that its live page shows. */
import { and, count, eq, sql } from 'drizzle-orm';
import { metricInfo, type TrialState } from '#core/contracts/task.ts';
import type { PreparedFacts, PriorEvidence, SearchView } from '#core/contracts/views.ts';
import type { Executor } from '#db/client.ts';
import { datasets, datasetVersions } from '#db/schema/datasets.ts';
import { models } from '#db/schema/models.ts';
import { events, searches, tasks, trials } from '#db/schema/searches.ts';
import { projects } from '#db/schema/workspaces.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { authorize } from '../scopes.ts';
import { readTabOwner } from '../trial/owner.ts';
import { viewTrial } from '../trial/view.ts';
import { findBest } from './best.ts';
import { elapsedSeconds, finishReserve, type SearchRowData } from './clock.ts';
import { isEnded } from './transition.ts';

export async function getSearch(ctx: ServiceContext, input: { id: string }): Promise<SearchView> {
  await authorize(ctx, 'search.read', { searchId: input.id });
  // One snapshot, so that `lastEvent` and the rows speak of the same moment.
  return ctx.db.transaction((tx) => readSearchView(tx, input.id, ctx.now()), { isolationLevel: 'repeatable read' });
}

async function readSearchView(db: Executor, searchId: string, now: Date): Promise<SearchView> {
  const [row] = await db
    .select({ search: searches, task: tasks, version: datasetVersions, dataset: datasets, project: projects })
    .from(searches)
    .innerJoin(tasks, eq(tasks.id, searches.taskId))
    .innerJoin(datasetVersions, eq(datasetVersions.id, tasks.datasetVersionId))
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .innerJoin(projects, eq(projects.id, searches.projectId))
    .where(eq(searches.id, searchId));
  if (!row) throw new AppError('not_found', 'There is no such search.');
  const { search, task, version, dataset, project } = row;
  const best = await findBest(db, search);
  const bestRandom = await findBest(db, search, 'random');
  const [model] = await db.select({ id: models.id }).from(models).where(eq(models.searchId, search.id));
  return {
    id: search.id,
    number: search.number,
    projectId: project.id,
    projectName: project.name,
    datasetId: dataset.id,
    datasetName: dataset.name,
    versionId: version.id,
    versionNumber: version.number,
    rows: version.rows,
    target: task.target,
    kind: task.kind,
    metric: task.metric,
    direction: metricInfo[task.metric].direction,
    state: search.state,
    request: search.request,
    seed: search.seed,
    budgetSeconds: search.budgetSeconds,
    elapsedSeconds: elapsedSeconds(search, now),
    clockRuns: search.clockStartedAt !== null,
    phases: phasesOf(search, now),
    best: best && {
      value: best.score as number,
      low: best.low ?? (best.score as number),
      high: best.high ?? (best.score as number),
      trialNumber: best.number,
      at: viewTrial(best, search).at ?? 0,
    },
    random: {
      count: await countRandom(db, search.id),
      best: bestRandom?.score ?? null,
      verdict: search.result?.random ?? null,
    },
    prior: await readPrior(db, search.id),
    trials: await countTrials(db, search.id),
    workers: await readWorkers(db, search.id),
    firstUsableSeconds: search.firstUsableSeconds,
    testLooks: task.testLooks,
    prepared: search.prepared as PreparedFacts | null,
    modelId: model?.id ?? null,
    result: search.result,
    error: search.error,
    lastEvent: search.lastEvent,
    createdAt: search.createdAt,
    startedAt: search.startedAt,
    endedAt: search.endedAt,
  } as SearchView;
}

function phasesOf(search: SearchRowData, now: Date): SearchView['phases'] {
  const used = search.phaseSeconds;
  const reserve = finishReserve(search.budgetSeconds, used);
  const read = used.read ?? 0;
  const elapsed = elapsedSeconds(search, now);
  const searching = search.state === 'searching' || search.state === 'pausing' || search.state === 'paused';
  return {
    read: {
      planned: Math.max(read, 0.03 * search.budgetSeconds),
      used: isEnded(search.state) || searching ? read : elapsed,
    },
    search: {
      planned: Math.max(0, search.budgetSeconds - reserve - read),
      used: used.search ?? (searching ? Math.max(0, elapsed - read) : 0),
    },
    finalise: { planned: 0.7 * reserve, used: used.finalise ?? 0 },
    verify: { planned: 0.3 * reserve, used: used.verify ?? 0 },
  };
}

async function countTrials(db: Executor, searchId: string): Promise<SearchView['trials']> {
  const rows = await db
    .select({ state: trials.state, n: count(), reused: sql<number>`sum(${trials.reused})::int` })
    .from(trials)
    .where(eq(trials.searchId, searchId))
    .groupBy(trials.state);
  const of = (...states: TrialState[]) => rows.filter((r) => states.includes(r.state)).reduce((sum, r) => sum + r.n, 0);
  return {
    done: of('done'),
    failed: of('failed', 'timed_out', 'out_of_memory'),
    running: of('running'),
    queued: of('queued'),
    reused: rows.reduce((sum, r) => sum + (r.reused ?? 0), 0),
  };
}

async function countRandom(db: Executor, searchId: string): Promise<number> {
  const [row] = await db
    .select({ n: count() })
    .from(trials)
    .where(and(eq(trials.searchId, searchId), eq(trials.origin, 'random'), eq(trials.state, 'done')));
  return row?.n ?? 0;
}

async function readWorkers(db: Executor, searchId: string): Promise<SearchView['workers']> {
  const rows = await db
    .select({ worker: trials.worker, device: trials.device, number: trials.number, since: trials.startedAt })
    .from(trials)
    .where(and(eq(trials.searchId, searchId), eq(trials.state, 'running')));
  return rows.flatMap(({ worker, device, number, since }) => {
    if (!worker || !since) return [];
    // A tab is named by what it runs on: its owner string holds the person's id and the lease.
    return [{ id: (readTabOwner(worker) && device) || worker, trialNumber: number, since }];
  });
}

/** What the prior contributed, as its event said. */
async function readPrior(db: Executor, searchId: string): Promise<PriorEvidence | null> {
  const [row] = await db
    .select({ data: events.data })
    .from(events)
    .where(and(eq(events.searchId, searchId), eq(events.kind, 'prior')))
    .limit(1);
  return (row?.data as PriorEvidence | undefined) ?? null;
}
