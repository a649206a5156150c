/** Keeps a usable model at hand: exported and checked after the first finished trial, renewed now and then. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { searches } from '#db/schema/searches.ts';
import { findBest } from '#server/services/search/best.ts';
import { type SearchRowData, secondsLeft } from '#server/services/search/clock.ts';
import { storeUsable, usableKey } from '#server/services/search/usable.ts';
import type { ExportInput, ExportResult } from '../trainers/provisional.ts';
import type { Worker } from '../worker.ts';

/** Share of the budget after which a better model replaces the usable one. */
const renewShare = 0.2;
const lastMade = new Map<string, { at: number; trialId: string; learner: string }>();

/** Called after each finished trial; does nothing while the usable model is recent or best already. Never rejects. */
export async function keepUsable(worker: Worker, searchId: string): Promise<void> {
  const before = lastMade.get(searchId);
  try {
    const [search] = await worker.db.select().from(searches).where(eq(searches.id, searchId));
    if (search?.state !== 'searching' || !search.preparedKey) return;
    const aged = before && Date.now() - before.at > renewShare * 1000 * search.budgetSeconds;
    const late = search.provisionalKey !== null && secondsLeft(search, worker.now()) < 0.3 * search.budgetSeconds;
    const best = await findBest(worker.db, search);
    if (!best?.artifactKey || best.id === before?.trialId) return;
    // Anything better than the baseline replaces it at once.
    const due = !before || before.learner === 'baseline' || (aged && !late);
    if (!due) return;
    lastMade.set(searchId, { at: Date.now(), trialId: best.id, learner: best.learner });
    const made = await make(worker, search, best as typeof best & { artifactKey: string });
    // The next finished trial tries again.
    if (!made && !before) lastMade.delete(searchId);
    if (lastMade.size > 1000) lastMade.clear();
  } catch (error) {
    worker.log.warn({ err: error, search: searchId }, 'no usable model yet');
    if (!before) lastMade.delete(searchId);
  }
}

async function make(
  worker: Worker,
  search: SearchRowData,
  best: NonNullable<Awaited<ReturnType<typeof findBest>>> & { artifactKey: string },
): Promise<boolean> {
  await mkdir(worker.scratch, { recursive: true });
  const modelPath = join(worker.scratch, `${best.id}-${randomUUID()}.onnx`);
  const { request } = search;
  try {
    const input: ExportInput = {
      preparedPath: await worker.blobs.localPath(search.preparedKey as string),
      candidates: [
        {
          trialId: best.id,
          number: best.number,
          origin: best.origin,
          learner: best.learner,
          summary: best.summary,
          design: best.design,
          score: best.score ?? 0,
          rowMs: best.oneRowMs ?? 0,
          artifactPath: await worker.blobs.localPath(best.artifactKey),
        },
      ],
      target: request.target,
      metric: request.metric,
      positiveClass: request.positiveClass ?? null,
      seed: search.seed,
      modelPath,
    };
    const outcome = await worker.trials.run<ExportResult>('export', input, {
      deadline: Date.now() + 30_000,
      signal: worker.shutDown.signal,
    });
    if (outcome.kind !== 'done' || !outcome.value.pass) {
      worker.log.warn({ search: search.id, trial: best.id, outcome }, 'the usable model did not pass');
      return false;
    }
    worker.log.info({ search: search.id, trial: best.number, ...outcome.value }, 'usable model');
    const key = usableKey(search.id, best.id);
    await worker.blobs.putFile(key, modelPath);
    const replaced = await storeUsable(worker, search.id, key, outcome.value.seconds);
    if (replaced) await worker.blobs.remove(replaced);
    return true;
  } finally {
    await rm(modelPath, { force: true });
  }
}
