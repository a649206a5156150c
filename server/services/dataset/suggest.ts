import type { DataWarning } from '#core/contracts/dataset.ts';
import { targetLinks } from '#core/tasks/association.ts';
import { type Suggestion, suggestTask } from '#core/tasks/suggest.ts';
import { targetWarnings } from '#core/tasks/target-warnings.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { loadVersion, requireReady } from './load.ts';
import { readSample } from './read-sample.ts';

export interface DatasetSuggestion extends Suggestion {
  /** What the data says against this target: leakage, missing targets, rare classes. */
  readonly warnings: readonly DataWarning[];
}

/**
 * What to predict and how.
 * @param input `target`: asks about this column; the likeliest when left out
 * @throws AppError `invalid` when there is no such column, or none that could be predicted
 */
export async function suggestSearch(
  ctx: ServiceContext,
  input: { versionId: string; target?: string | null | undefined },
): Promise<DatasetSuggestion> {
  const { version } = await loadVersion(ctx, 'dataset.read', input.versionId);
  const ready = requireReady(version);
  const { profile } = ready;
  const suggestion = suggestTask(profile, input.target);
  const column = profile.columns.find((c) => c.name === suggestion?.target);
  if (!suggestion || !column) {
    const names = profile.columns
      .slice(0, 8)
      .map((c) => c.name)
      .join(', ');
    throw new AppError(
      'invalid',
      input.target
        ? `There is no column ${input.target}. The columns are ${names}${profile.columns.length > 8 ? ', …' : ''}.`
        : 'No column of this table can be predicted: all are constant, empty or ignored.',
      input.target ? { field: 'target' } : undefined,
    );
  }
  const links = targetLinks(await readSample(ctx, ready), column.name, suggestion.kind);
  return { ...suggestion, warnings: targetWarnings(profile, column, suggestion.kind, links) };
}
