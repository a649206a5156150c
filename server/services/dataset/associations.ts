import { targetLinks } from '#core/tasks/association.ts';
import { suggestTask } from '#core/tasks/suggest.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { loadVersion, requireReady } from './load.ts';
import { readSample } from './read-sample.ts';

/**
 * How strongly each column is linked with the target, 0 to 1, by column name; from a random sample of up to 10,000 rows.
 * @throws AppError `invalid` for a column that the version does not have
 */
export async function findAssociations(
  ctx: ServiceContext,
  input: { versionId: string; target: string },
): Promise<Record<string, number>> {
  const { version } = await loadVersion(ctx, 'dataset.read', input.versionId);
  const ready = requireReady(version);
  const column = ready.profile.columns.find((c) => c.name === input.target);
  if (!column) throw new AppError('invalid', `There is no column ${input.target}.`, { column: input.target });
  const kind = suggestTask(ready.profile, column.name)?.kind ?? 'classification';
  const links = targetLinks(await readSample(ctx, ready), column.name, kind);
  return Object.fromEntries(links.map((link) => [link.column, link.strength]));
}
