/** What the profile says about a table before a target is chosen, each with what one click does about it. */
import type { ColumnProfile, DataWarning } from '#core/contracts/dataset.ts';
import { count, shorten } from './data-error.ts';
import type { Duck } from './duckdb.ts';
import type { InferredColumn } from './infer-types.ts';

export interface WarningInput {
  readonly duck: Duck;
  /** SQL of the table with columns c0, c1, … */
  readonly source: string;
  readonly profiles: readonly ColumnProfile[];
  readonly inferred: readonly InferredColumn[];
  readonly rows: number;
  /** Line of the file for a row of the table. */
  readonly locate: (row: number) => Promise<number | null>;
}

export async function tableWarnings(input: WarningInput): Promise<DataWarning[]> {
  const { profiles, rows } = input;
  const warnings: DataWarning[] = [];
  const ignore = (column: string) => ({ label: `Ignore ${column}`, column, setType: 'ignore' as const });
  for (const [i, profile] of profiles.entries()) {
    const inferred = input.inferred[i];
    const { name } = profile;
    if (inferred?.mixed) warnings.push(await mixedWarning(input, name, inferred.mixed));
    if (inferred?.tooLarge)
      warnings.push({
        code: 'corrected',
        severity: 'info',
        column: name,
        message: `${name} holds integers of more than 15 digits; they are kept as text so that no digit is lost.`,
      });
    if (profile.type === 'ignore') {
      if (inferred?.empty)
        warnings.push({
          code: 'constant',
          severity: 'info',
          column: name,
          message: `${name} is empty in every row and is not used.`,
        });
      continue;
    }
    const present = rows - profile.missing;
    if (profile.distinct <= 1 && rows > 1)
      warnings.push({
        code: 'constant',
        severity: 'warning',
        column: name,
        message:
          present === rows
            ? `${name} has the same value in every row${profile.top[0] ? `: ${shorten(profile.top[0].value, 40)}` : ''}.`
            : `${name} has one value only; the other ${count(rows - present, 'row')} ${rows - present === 1 ? 'is' : 'are'} missing.`,
        fix: ignore(name),
      });
    else if (isIdentifier(profile, rows))
      warnings.push({
        code: 'identifier',
        severity: 'warning',
        column: name,
        message: `${name} has a different value in ${profile.distinct >= present ? 'every' : 'nearly every'} row: it looks like an identifier, which says nothing about new rows.`,
        fix: ignore(name),
      });
    else if (profile.type === 'category' && profile.distinct > Math.max(100, 0.2 * present))
      warnings.push({
        code: 'high_cardinality',
        severity: 'info',
        column: name,
        message: `${name} has ${count(profile.distinct, 'different value')} in ${count(present, 'row')}; rare ones are pooled.`,
        fix: ignore(name),
      });
    if (profile.missing > 0.5 * rows && present > 0)
      warnings.push({
        code: 'high_missing',
        severity: profile.missing > 0.9 * rows ? 'warning' : 'info',
        column: name,
        message: `${name} is missing in ${percent(profile.missing / rows)} of the rows.`,
        fix: ignore(name),
      });
  }
  warnings.push(...(await duplicateColumns(input)), ...(await duplicateRows(input)));
  if (profiles.length > 1000)
    warnings.push({
      code: 'many_columns',
      severity: 'info',
      message: `The table has ${count(profiles.length, 'column')}: a search reads all of them and takes longer.`,
    });
  if (rows < 100)
    warnings.push({
      code: 'few_rows',
      severity: rows < 20 ? 'serious' : 'warning',
      message: `The table has ${count(rows, 'row')}: scores will have wide intervals.`,
    });
  return warnings;
}

async function mixedWarning(
  input: WarningInput,
  column: string,
  mixed: NonNullable<InferredColumn['mixed']>,
): Promise<DataWarning> {
  const line = await input.locate(mixed.row);
  const place = line === null ? `row ${mixed.row + 1}` : `line ${line}`;
  const others = mixed.cells > 1 ? `, like ${count(mixed.cells - 1, 'other cell')},` : '';
  return {
    code: 'mixed_types',
    severity: 'warning',
    column,
    message: `${column} holds numbers, but “${shorten(mixed.value, 40)}” on ${place}${others} is none: the column is read as categories.`,
    fix: { label: `Read ${column} as numbers; what is none becomes missing`, column, setType: 'number' },
  };
}

/** Numbers count only when they are whole: measurements are often all different. */
function isIdentifier(profile: ColumnProfile, rows: number): boolean {
  const present = rows - profile.missing;
  if (present < 20 || profile.distinct < 0.95 * present) return false;
  if (profile.type === 'category') return true;
  if (profile.type !== 'number' || profile.min === null || profile.min === undefined) return false;
  const named =
    /(^|[_\s-])(id|uid|uuid|guid|key|index|no|nr|num|number|row)$|^(id|index|unnamed)|Id$|ID$/.test(profile.name) ||
    /^column_1$/.test(profile.name);
  const whole = [profile.min, profile.max].every((x) => Number.isInteger(x));
  const consecutive = whole && profile.distinct === present && (profile.max ?? 0) - profile.min === present - 1;
  return whole && (consecutive || named) && profile.distinct >= 0.99 * present;
}

const percent = (share: number): string =>
  share < 0.01 ? 'under 1 %' : share > 0.999 ? 'over 99.9 %' : `${(100 * share).toFixed(share > 0.99 ? 1 : 0)} %`;

/** Columns whose statistics agree are compared cell by cell. */
async function duplicateColumns({ duck, source, profiles }: WarningInput): Promise<DataWarning[]> {
  const groups = new Map<string, number[]>();
  for (const [i, p] of profiles.entries()) {
    if (p.distinct <= 1 || p.type === 'ignore') continue;
    const kind = p.type === 'number' ? 'number' : 'string';
    const key = JSON.stringify([kind, p.missing, kind === 'number' ? [p.min, p.max, p.mean] : p.top.slice(0, 5)]);
    groups.set(key, [...(groups.get(key) ?? []), i]);
  }
  const pairs = [...groups.values()].flatMap(([first, ...others]) =>
    others.map((other) => [first as number, other] as const),
  );
  const warnings: DataWarning[] = [];
  // Fewer passes over a wide file, but not so many columns at once that they fill the memory.
  const size = Math.max(50, Math.min(400, Math.ceil(pairs.length / 8)));
  for (let from = 0; from < pairs.length; from += size) {
    const part = pairs.slice(from, from + size);
    const [row = []] = await duck.rows(
      `SELECT ${part.map(([a, b]) => `count(*) FILTER (c${a} IS DISTINCT FROM c${b})`).join(', ')} FROM ${source}`,
    );
    part.forEach(([a, b], k) => {
      if (Number(row[k]) > 0) return;
      const copy = profiles[b]?.name ?? '';
      warnings.push({
        code: 'duplicate_column',
        severity: 'warning',
        column: copy,
        message: `${copy} equals ${profiles[a]?.name} in every row.`,
        fix: { label: `Ignore ${copy}`, column: copy, setType: 'ignore' },
      });
    });
  }
  return warnings;
}

async function duplicateRows({ duck, source, profiles, rows }: WarningInput): Promise<DataWarning[]> {
  const used = profiles.flatMap((profile, i) => (profile.type === 'ignore' ? [] : [`c${i}`]));
  if (used.length === 0) return [];
  // With one column or very few distinct combinations equal rows are the rule, not a fault.
  if (profiles.some((profile) => profile.distinct === rows)) return [];
  const [row] = await duck.rows(`SELECT count(DISTINCT hash(${used.join(', ')})) FROM ${source}`);
  const copies = rows - Number(row?.[0]);
  if (copies <= 0) return [];
  const share = copies / rows;
  return [
    {
      code: 'duplicate_rows',
      severity: share > 0.05 ? 'warning' : 'info',
      message: `${count(copies, 'row')} (${percent(share)}) ${copies === 1 ? 'is an exact copy' : 'are exact copies'} of another row: scores may be too good where copies fall on both sides of the split.`,
    },
  ];
}
