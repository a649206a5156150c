/**
 * What a receipt says before the model exists: data, split, seeds, code, every trial and the ask/tell trace
 * (`core/contracts/receipt.ts` has its form).
 */
import { asc, eq } from 'drizzle-orm';
import { datasetVersions } from '#db/schema/datasets.ts';
import { type tasks, trials } from '#db/schema/searches.ts';
import type { SearchRowData } from '#server/services/search/clock.ts';
import { storedStrategy } from '#server/services/search/strategy-state.ts';
import { protocol, splitSeed } from '#server/services/search/task.ts';
import { codeVersion } from '../runtime/code-version.ts';
import type { ReceiptPart } from '../trainers/receipt.ts';
import type { Worker } from '../worker.ts';

export interface ReceiptParts {
  /** The same whenever the run is repeated. */
  readonly model: readonly ReceiptPart[];
  /** Holds times, devices and identities of this run. */
  readonly run: readonly ReceiptPart[];
}

export async function receiptParts(
  worker: Worker,
  search: SearchRowData,
  task: typeof tasks.$inferSelect,
): Promise<ReceiptParts> {
  const version = await describeVersion(worker, task.datasetVersionId);
  const test = task.testVersionId ? await describeVersion(worker, task.testVersionId) : null;
  const rows = await worker.db.select().from(trials).where(eq(trials.searchId, search.id)).orderBy(asc(trials.number));
  const strategy = storedStrategy(search.strategyState);
  const { datasetVersionId: _, testVersionId: __, ...request } = search.request;
  const model = [
    { name: 'code', content: codeVersion() },
    { name: 'data', content: { ...version, test: test ?? null } },
    {
      name: 'task',
      content: {
        hash: task.hash,
        protocol,
        splitSeed,
        split: task.split,
        testFraction: task.testFraction,
        seed: search.seed,
      },
    },
  ];
  const run = [
    { name: 'request', content: { ...request, seed: search.seed } },
    { name: 'prepared', content: search.prepared },
    {
      name: 'trials',
      content: rows.map(
        ({ number, key, role, origin, design, seed, state, score, steps, seconds, reused, device, rerun }) => ({
          number,
          key,
          role,
          origin,
          design,
          seed,
          state,
          score,
          steps,
          seconds,
          reused: reused > 0,
          device,
          rerun,
        }),
      ),
    },
    {
      name: 'trace',
      content: { strategy: strategy?.name ?? null, setup: strategy?.setup ?? null, entries: strategy?.trace ?? [] },
    },
  ];
  return { model, run };
}

/** What a table is, whatever it is called. */
async function describeVersion(worker: Worker, id: string) {
  const [version] = await worker.db
    .select({
      contentHash: datasetVersions.contentHash,
      source: datasetVersions.sourceSha256,
      rows: datasetVersions.rows,
      types: datasetVersions.typeOverrides,
      excludedRows: datasetVersions.excludedRows,
    })
    .from(datasetVersions)
    .where(eq(datasetVersions.id, id));
  return version;
}
