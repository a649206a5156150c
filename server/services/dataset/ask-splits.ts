import { and, eq } from 'drizzle-orm';
import type { SplitPage } from '#core/contracts/splits.ts';
import { splitReports } from '#db/schema/datasets.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { loadVersion, requireReady } from './load.ts';
import { getSplits, ofSubject, type SplitQuery, subjectOf } from './splits.ts';

/**
 * Lets a worker find out which splits of the version flatter; asked again it only tells how that stands, but that a
 * report which failed is begun anew.
 * @throws AppError `invalid` for a target that is none, `not_found` for a test table of another project
 */
export async function askSplits(ctx: ServiceContext, input: SplitQuery): Promise<SplitPage> {
  const { version, access } = await loadVersion(ctx, 'dataset.judgeSplits', input.versionId);
  const subject = subjectOf(requireReady(version), input);
  if (subject.testVersionId) {
    const test = await loadVersion(ctx, 'dataset.read', subject.testVersionId);
    if (test.access.projectId !== access.projectId)
      throw new AppError('not_found', 'There is no such data set version in this project.');
    requireReady(test.version);
  }
  await ctx.db.transaction(async (tx) => {
    const fresh = { state: 'queued' as const, createdAt: ctx.now() };
    const [made] = await tx
      .insert(splitReports)
      .values({ ...subject, ...fresh })
      .onConflictDoNothing()
      .returning({ id: splitReports.id });
    const [again] = made
      ? [made]
      : await tx
          .update(splitReports)
          .set({ ...fresh, error: null, attempts: 0, endedAt: null })
          .where(and(ofSubject(subject), eq(splitReports.state, 'failed')))
          .returning({ id: splitReports.id });
    if (!again) return;
    await ctx.queue.send(tx, 'dataset.splits', { splitReportId: again.id });
    await recordAudit(tx, ctx, { ...access, action: 'dataset.judgeSplits', subject: `version:${version.id}` });
  });
  return getSplits(ctx, input);
}
