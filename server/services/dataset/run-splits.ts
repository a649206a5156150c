/** What the job that judges splits reads and writes; nobody else moves the state of a report. */
import { and, eq, inArray } from 'drizzle-orm';
import type { SplitReport } from '#core/contracts/splits.ts';
import { datasetVersions, splitReports } from '#db/schema/datasets.ts';
import type { Services } from '../context.ts';
import type { VersionRow } from './load.ts';

export interface BegunSplits {
  readonly subject: typeof splitReports.$inferSelect;
  readonly version: VersionRow;
  readonly testVersion: VersionRow | null;
}

const openReport = (id: string) => and(eq(splitReports.id, id), inArray(splitReports.state, ['queued', 'running']));

/** @returns undefined where it has ended or is gone */
export async function beginSplits({ db }: Services, id: string): Promise<BegunSplits | undefined> {
  const [subject] = await db.update(splitReports).set({ state: 'running' }).where(openReport(id)).returning();
  if (!subject) return undefined;
  const versionOf = async (versionId: string) =>
    (await db.select().from(datasetVersions).where(eq(datasetVersions.id, versionId)))[0];
  const version = await versionOf(subject.versionId);
  const testVersion = subject.testVersionId ? await versionOf(subject.testVersionId) : null;
  return version && testVersion !== undefined ? { subject, version, testVersion } : undefined;
}

/** @param outcome the report, or in plain words why there is none */
export async function settleSplits(ctx: Services, id: string, outcome: SplitReport | string): Promise<void> {
  const ended =
    typeof outcome === 'string'
      ? { state: 'failed' as const, error: outcome }
      : { state: 'ready' as const, report: outcome };
  await ctx.db
    .update(splitReports)
    .set({ ...ended, endedAt: ctx.now() })
    .where(openReport(id));
}
