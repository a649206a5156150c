/** Look-up tables of designs (CONTRACTS.md: `space.json` and `table.csv`), for replaying searches without training. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { designKey } from '#core/proposers/history.ts';
import { choice, type Design, type Space, type Value } from '#core/spaces/space.ts';
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
}

interface SpaceFile {
  readonly name?: string;
  readonly decisions: readonly {
    readonly name: string;
    readonly values: readonly Value[];
    readonly ordered?: boolean;
  }[];
  readonly metrics?: Readonly<Record<string, 'max' | 'min'>>;
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
  const decisions = file.decisions.map((decision) => ({
    ...decision,
    column: columnOf(decision.name),
    byText: new Map(decision.values.map((value) => [String(value), value])),
  }));
  const maximize = file.metrics?.valid !== 'min';
  const [valid, test] = [columnOf('valid'), columnOf('test')];
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
  });
  const space: Space = {
    name: file.name ?? basename(folder),
    version: 1,
    decisions: file.decisions.map(({ name, values, ordered }) =>
      choice(
        name,
        values.map((value) => ({ value })),
        { ordered: ordered === true },
      ),
    ),
  };
  return {
    name: file.name ?? basename(folder),
    space,
    designs,
    keys,
    losses: Float64Array.from(losses),
    test: Float64Array.from(tests),
  };
}

/** Tables share a space when their decisions have the same names and at least half of the designs are common. */
export function sameSpace(a: DesignTable, b: DesignTable): boolean {
  const names = (table: DesignTable) =>
    table.space.decisions
      .map(({ name }) => name)
      .sort()
      .join();
  if (names(a) !== names(b)) return false;
  const keys = new Set(a.keys);
  return b.keys.filter((key) => keys.has(key)).length >= 0.5 * Math.min(a.keys.length, b.keys.length);
}
