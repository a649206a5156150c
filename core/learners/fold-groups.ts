/** Folds in groups that train side by side. */
import type { FoldFit, Learner } from '../contracts/learner.ts';
import type { Fold } from '../tasks/folds.ts';

/** Neighbouring folds in groups of nearly equal size, at most `most` each, with the number of the first. */
export function inGroups(folds: readonly Fold[], most: number): [number, readonly Fold[]][] {
  const count = Math.ceil(folds.length / Math.min(most, folds.length));
  const cut = (i: number) => Math.round((i * folds.length) / count);
  return Array.from({ length: count }, (_, i) => [cut(i), folds.slice(cut(i), cut(i + 1))]);
}

/** Trains a group; a group of one as learners do that train no others. */
export async function fitGroup(
  learner: Learner,
  ...[design, features, target, folds, contexts]: Parameters<NonNullable<Learner['fitTogether']>>
): Promise<readonly FoldFit[]> {
  if (folds.length > 1 && learner.fitTogether) return learner.fitTogether(design, features, target, folds, contexts);
  const fits: FoldFit[] = [];
  for (const [k, { train, valid }] of folds.entries())
    fits.push(await learner.fit(design, features, target, train, valid, contexts[k]!));
  return fits;
}
