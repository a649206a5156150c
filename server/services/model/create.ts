/** Stores the verified model of a search and makes the search ready, in one transaction. */
import { eq, sql } from 'drizzle-orm';
import type { ModelMetadata, RunResult, Verification } from '#core/contracts/result.ts';
import { datasets, datasetVersions } from '#db/schema/datasets.ts';
import { models } from '#db/schema/models.ts';
import { tasks } from '#db/schema/searches.ts';
import { projects } from '#db/schema/workspaces.ts';
import { appendEvent } from '../../events/index.ts';
import type { Services } from '../context.ts';
import type { SearchRowData } from '../search/clock.ts';
import { elapsedSeconds } from '../search/clock.ts';
import { withSearch } from '../search/lock.ts';
import { moveTo } from '../search/transition.ts';

export interface NewModel {
  readonly modelId: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly metadata: ModelMetadata;
  readonly result: RunResult;
  readonly verification: readonly Verification[];
  /** Seconds of the two last phases. */
  readonly finalise: number;
  readonly verify: number;
}

export const modelKeys = (modelId: string) => ({
  onnx: `models/${modelId}/model.onnx`,
  golden: `models/${modelId}/golden.jsonl`,
  report: `models/${modelId}/report.json`,
  receipt: `models/${modelId}/receipt.json`,
  bundle: `models/${modelId}/model.zip`,
  outOfFold: `models/${modelId}/out-of-fold.bin`,
  faults: `models/${modelId}/faults.json`,
  insights: `models/${modelId}/insights.json`,
});

/** "adult · class · #3": data set, target, number of the search. */
export async function modelName(ctx: Services, search: SearchRowData): Promise<string> {
  const [row] = await ctx.db
    .select({ dataset: datasets.name, target: tasks.target })
    .from(tasks)
    .innerJoin(datasetVersions, eq(datasetVersions.id, tasks.datasetVersionId))
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(eq(tasks.id, search.taskId));
  return `${row?.dataset ?? 'model'} · ${row?.target ?? ''} · #${search.number}`;
}

/** @returns false when the search has ended otherwise meanwhile */
export function createModel(ctx: Services, searchId: string, name: string, made: NewModel): Promise<boolean> {
  return withSearch(ctx.db, searchId, async (tx, search) => {
    if (search.state !== 'verifying') return false;
    const now = ctx.now();
    const keys = modelKeys(made.modelId);
    // The project's row serialises numbering.
    await tx.select({ id: projects.id }).from(projects).where(eq(projects.id, search.projectId)).for('update');
    const total = elapsedSeconds(search, now);
    const { finalise, verify } = made;
    // Where all trials were known before, the model itself is the first that can be used.
    const firstUsable = search.firstUsableSeconds ?? total;
    const seconds = { ...made.result.seconds, total, firstUsable, finalise, verify };
    const result: RunResult = { ...made.result, seconds };
    await tx.insert(models).values({
      id: made.modelId,
      projectId: search.projectId,
      searchId,
      number: sql`(select coalesce(max(${models.number}), 0) + 1 from ${models} where ${models.projectId} = ${search.projectId})`,
      name,
      state: 'verified',
      onnxKey: keys.onnx,
      sha256: made.sha256,
      bytes: made.bytes,
      metadata: made.metadata,
      result,
      goldenKey: keys.golden,
      reportKey: keys.report,
      receiptKey: keys.receipt,
      verification: [...made.verification],
      faultsState: 'queued',
      createdAt: now,
    });
    await ctx.queue.send(tx, 'model.faults', { modelId: made.modelId });
    await appendEvent(tx, searchId, 'phase', { name: 'verify', seconds: verify });
    await appendEvent(tx, searchId, 'model', { modelId: made.modelId });
    await moveTo(tx, search, 'ready', now, {
      result,
      phaseSeconds: { ...search.phaseSeconds, finalise, verify },
    });
    return true;
  });
}
