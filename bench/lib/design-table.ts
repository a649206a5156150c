/** Look-up tables of designs (CONTRACTS.md: `space.json` and `table.csv`), for replaying searches without training. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { designKey } from '#core/proposers/history.ts';
import { choice, type Decision, type Design, range, type Space, type Value } from '#core/spaces/space.ts';
import { parseCsv } from './csv.ts';

export interface DesignTable {
  readonly name: string;
  readonly space: Space;
  readonly designs: readonly Design[];
  readonly keys: readonly string[];
  /** As losses, smaller is better; what it reads as is `test`. */
  readonly losses: Float64Array;
  /** In the table's own units. */
  readonly test: Float64Array;
  /** By name, as losses; NaN where a cell holds no number. */
  readonly costs: ReadonlyMap<string, Float64Array>;
}

/** Options that a choice may have; more numbers make a range. */
const MOST_OPTIONS = 200;

interface SpaceFile {
  readonly name?: string;
  readonly decisions: readonly {
    readonly name: string;
    /** Left out: what the table holds. */
    readonly values?: readonly Value[];
    /** Left out: numbers are, words are not. */
    readonly ordered?: boolean;
  }[];
  readonly metrics?: Readonly<Record<string, 'max' | 'min'>>;
  readonly costs?: Readonly<Record<string, 'max' | 'min'>>;
}

/** Folders with a table below `path`: itself, or those in it, at any depth. */
export function tableFolders(path: string): string[] {
  const folder = resolve(path);
  if (existsSync(join(folder, 'table.csv'))) return [folder];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => tableFolders(join(folder, entry.name)))
    .sort();
}

/** @throws Error that names file and column or line where the two files do not fit each other */
export function readDesignTable(folder: string): DesignTable {
  const file = JSON.parse(readFileSync(join(folder, 'space.json'), 'utf8')) as SpaceFile;
  const text = readFileSync(join(folder, 'table.csv'), 'utf8');
  const { header: names, rows } = parseCsv(text.replace(/^\uFEFF/, ''));
  const columnOf = (name: string) => {
    const at = names.indexOf(name);
    if (at < 0) throw new Error(`${join(folder, 'table.csv')}: there is no column "${name}".`);
    return at;
  };
  const decisions = file.decisions.map((decision) => {
    const column = columnOf(decision.name);
    const values = decision.values ?? valuesOf(rows.map((fields) => fields[column] ?? ''));
    const ordered = decision.ordered ?? (values.length > 2 && values.every((value) => typeof value === 'number'));
    return { ...decision, values, ordered, column, byText: new Map(values.map((value) => [String(value), value])) };
  });
  const maximize = file.metrics?.valid !== 'min';
  const [valid, test] = [columnOf('valid'), columnOf('test')];
  const costs = Object.entries(file.costs ?? {}).map(([name, wanted]) => ({
    name,
    column: columnOf(name),
    sign: wanted === 'max' ? -1 : 1,
    values: [] as number[],
  }));
  const designs: Design[] = [];
  const keys: string[] = [];
  const losses: number[] = [];
  const tests: number[] = [];
  const seen = new Set<string>();
  rows.forEach((fields, i) => {
    if (fields.length === 1 && fields[0] === '') return;
    const pairs = decisions.flatMap(({ name, column, byText }) => {
      const cell = fields[column] ?? '';
      const value = byText.get(cell) ?? byText.get(String(Number(cell)));
      if (value !== undefined) return [[name, value] as const];
      // An empty cell is a decision that is not open in this design.
      if (cell === '') return [];
      throw new Error(`${join(folder, 'table.csv')} line ${i + 2}: ${name} has no value "${cell}" in space.json.`);
    });
    const design = Object.fromEntries(pairs);
    const key = designKey(design);
    const loss = Number(fields[valid]) * (maximize ? -1 : 1);
    if (seen.has(key) || fields[valid] === '' || !Number.isFinite(loss)) return;
    seen.add(key);
    designs.push(design);
    keys.push(key);
    losses.push(loss);
    tests.push(Number(fields[test]));
    for (const { column, sign, values } of costs)
      values.push(fields[column] ? sign * Number(fields[column]) : Number.NaN);
  });
  const space: Space = {
    name: file.name ?? basename(folder),
    version: 1,
    decisions: decisions.map(decisionOf),
  };
  return {
    name: file.name ?? basename(folder),
    space,
    designs,
    keys,
    losses: Float64Array.from(losses),
    test: Float64Array.from(tests),
    costs: new Map(costs.map(({ name, values }) => [name, Float64Array.from(values)])),
  };
}

/** The different cells of a column, numbers as such and ascending. */
function valuesOf(cells: readonly string[]): Value[] {
  const different = [...new Set(cells)].filter((cell) => cell !== '');
  const numbers = different.map(Number);
  return numbers.every(Number.isFinite) ? numbers.sort((a, b) => a - b) : different;
}

/** A choice; a range where numbers are too many to tell apart. */
function decisionOf({ name, values, ordered }: { name: string; values: readonly Value[]; ordered: boolean }): Decision {
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length > MOST_OPTIONS && numbers.length === values.length)
    return range(name, Math.min(...numbers), Math.max(...numbers), { levels: 33 });
  return choice(name, values, { ordered });
}

/** Tables share a space when their decisions have the same names and each has a value that both know. */
export function sameSpace(a: DesignTable, b: DesignTable): boolean {
  const other = new Map(b.space.decisions.map((decision) => [decision.name, decision]));
  return (
    a.space.decisions.length === b.space.decisions.length &&
    a.space.decisions.every((decision) => {
      const twin = other.get(decision.name);
      if (twin?.kind !== 'choice' || decision.kind !== 'choice') return twin !== undefined;
      return decision.options.some(({ value }) => twin.options.some((option) => option.value === value));
    })
  );
}

/** Tables that share a space with the first of their group, group by group. */
export function groupBySpace(tables: readonly DesignTable[]): DesignTable[][] {
  const groups: DesignTable[][] = [];
  for (const table of tables) {
    const group = groups.find(([first]) => sameSpace(first!, table));
    if (group) group.push(table);
    else groups.push([table]);
  }
  return groups;
}
