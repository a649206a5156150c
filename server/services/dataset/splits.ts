/** Reports on splits: which one is asked for, and how it stands. */
import { and, eq, isNull } from 'drizzle-orm';
import type { SplitPage } from '#core/contracts/splits.ts';
import type { TaskKind } from '#core/contracts/task.ts';
import { suggestTask } from '#core/tasks/suggest.ts';
import { splitReports } from '#db/schema/datasets.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { loadVersion, requireReady } from './load.ts';

export interface SplitQuery {
  readonly versionId: string;
  readonly target: string;
  /** As proposed for the target where left out. */
  readonly kind?: TaskKind | null | undefined;
  /** A separate table that is the test. */
  readonly testVersionId?: string | null | undefined;
}

/** What a report is stored under. */
export interface SplitSubject {
  readonly versionId: string;
  readonly target: string;
  readonly kind: TaskKind;
  readonly testVersionId: string | null;
}

/** @throws AppError `invalid` for a column that the version does not have or that cannot be predicted that way */
export function subjectOf(version: ReturnType<typeof requireReady>, query: SplitQuery): SplitSubject {
  const column = version.profile.columns.find(({ name }) => name === query.target);
  if (!column) throw new AppError('invalid', `There is no column ${query.target}.`, { field: 'target' });
  const kind = query.kind ?? suggestTask(version.profile, column.name)?.kind ?? 'classification';
  if (kind === 'regression' && column.type !== 'number')
    throw new AppError('invalid', `Regression needs a target of numbers, but ${column.name} is ${column.type}.`);
  const own = query.testVersionId === version.id;
  return {
    versionId: version.id,
    target: column.name,
    kind,
    testVersionId: own ? null : (query.testVersionId ?? null),
  };
}

export const ofSubject = ({ versionId, target, kind, testVersionId }: SplitSubject) =>
  and(
    eq(splitReports.versionId, versionId),
    eq(splitReports.target, target),
    eq(splitReports.kind, kind),
    testVersionId === null ? isNull(splitReports.testVersionId) : eq(splitReports.testVersionId, testVersionId),
  );

/** `none` where nobody has asked yet. */
export async function getSplits(ctx: ServiceContext, input: SplitQuery): Promise<SplitPage> {
  const { version } = await loadVersion(ctx, 'dataset.read', input.versionId);
  const [row] = await ctx.db
    .select({ state: splitReports.state, report: splitReports.report, error: splitReports.error })
    .from(splitReports)
    .where(ofSubject(subjectOf(requireReady(version), input)));
  return row ?? { state: 'none', report: null, error: null };
}
