/** What the data says against a chosen target: rows without it, rare classes, columns that know the answer. */
import type { ColumnProfile, DataWarning, Profile } from '../contracts/dataset.ts';
import type { TaskKind } from '../contracts/task.ts';
import type { Link } from './association.ts';

/** A class with fewer rows than this cannot be on all sides of a split. */
const rareRows = 10;
/** Azure alerts from the same share. */
const minority = 0.05;

export function targetWarnings(
  profile: Profile,
  target: ColumnProfile,
  kind: TaskKind,
  links: readonly Link[],
): DataWarning[] {
  const warnings: DataWarning[] = [];
  const { rows } = profile;
  const present = rows - target.missing;
  const n = (count: number) => count.toLocaleString('en-US');
  for (const link of links.filter((l) => l.suspect)) {
    const score =
      kind === 'regression'
        ? `${(100 * link.score).toFixed(1)} % of its variance`
        : `an AUC of ${link.score.toFixed(3)}`;
    warnings.push({
      code: 'leakage',
      severity: 'serious',
      column: link.column,
      message: `${link.column} alone predicts ${target.name} with ${score}: it may not be known yet when a prediction is made.`,
      fix: { label: `Ignore ${link.column}`, column: link.column, setType: 'ignore' },
    });
  }
  if (target.missing > 0)
    warnings.push({
      code: 'missing_target',
      severity: target.missing > 0.2 * rows ? 'warning' : 'info',
      column: target.name,
      message: `${n(target.missing)} of ${n(rows)} rows have no ${target.name}: they are left out.`,
    });
  // Only a complete list of the classes says which are rare.
  if (kind !== 'classification' || target.top.length < 2) return warnings;
  const complete = target.top.length >= target.distinct;
  const rare = target.top.filter((value) => value.count < rareRows);
  // In a small table every class is rare, and the table itself is warned of.
  if (rare.length > 0 && present >= 5 * rareRows)
    warnings.push({
      code: 'rare_class',
      severity: 'warning',
      column: target.name,
      message:
        rare.length === 1
          ? `The class ${rare[0]?.value} has only ${n(rare[0]?.count ?? 0)} rows: too few to learn or to test.`
          : `${n(rare.length)} classes have fewer than ${rareRows} rows, ${rare[0]?.value} among them: too few to learn or to test.`,
    });
  const smallest = target.top.at(-1);
  if (complete && smallest && smallest.count >= rareRows && smallest.count < minority * present)
    warnings.push({
      code: 'imbalance',
      severity: 'info',
      column: target.name,
      message: `Only ${((100 * smallest.count) / present).toFixed(1)} % of the rows are ${smallest.value}: accuracy would look good without finding any of them.`,
    });
  return warnings;
}
