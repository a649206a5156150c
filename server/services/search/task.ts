/** The task behind a search: what makes scores comparable. Equal tasks share one row, one split and one count of looks. */
import { and, eq } from 'drizzle-orm';
import type { SearchRequest } from '#core/contracts/task.ts';
import { sha256Hex } from '#core/math/sha256.ts';
import type { Tx } from '#db/client.ts';
import type { datasetVersions } from '#db/schema/datasets.ts';
import { tasks } from '#db/schema/searches.ts';

type Version = typeof datasetVersions.$inferSelect;
type Content = Pick<Version, 'contentHash'>;

/** Changes whenever splits, folds or preparation change what a score means. */
export const protocol = 'tabular/1';
/** Seed of split and folds: fixed, so that all searches of a task keep the same rows sealed. */
export const splitSeed = 20_261;

export function taskHash(
  request: Pick<
    SearchRequest,
    'testFraction' | 'target' | 'kind' | 'metric' | 'positiveClass' | 'costs' | 'monotone' | 'split'
  >,
  version: Content,
  test: Content | null,
): string {
  const sorted = <T>(record: Readonly<Record<string, T>>) =>
    Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  const costs = sorted(request.metric === 'cost' ? (request.costs ?? {}) : {}).map(([a, row]) => [a, sorted(row)]);
  const monotone = Object.entries(request.monotone ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = {
    protocol,
    splitSeed,
    content: version.contentHash,
    test: test?.contentHash ?? null,
    testFraction: test ? null : request.testFraction,
    target: request.target,
    kind: request.kind,
    metric: request.metric,
    positiveClass: request.positiveClass ?? null,
    split: request.split,
    // Left out where there is none, so that tasks of earlier versions keep their hash.
    ...(costs.length > 0 ? { costs } : {}),
    ...(monotone.length > 0 ? { monotone } : {}),
  };
  return sha256Hex(new TextEncoder().encode(JSON.stringify(parts)));
}

/** Finds or inserts the task of a request. */
export async function ensureTask(
  tx: Tx,
  projectId: string,
  request: SearchRequest,
  version: Version,
  test: Version | null,
): Promise<string> {
  const hash = taskHash(request, version, test);
  const [made] = await tx
    .insert(tasks)
    .values({
      projectId,
      datasetVersionId: version.id,
      testVersionId: test?.id ?? null,
      kind: request.kind,
      target: request.target,
      metric: request.metric,
      positiveClass: request.positiveClass ?? null,
      hash,
      split: request.split,
      testFraction: request.testFraction,
    })
    .onConflictDoNothing()
    .returning({ id: tasks.id });
  if (made) return made.id;
  const [found] = await tx
    .select({ id: tasks.id })
    .from(tasks)
    .where(and(eq(tasks.projectId, projectId), eq(tasks.hash, hash)));
  if (!found) throw new Error('the task vanished while it was looked up');
  return found.id;
}
