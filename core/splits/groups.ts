/**
 * Columns whose values name groups of rows that belong together (patients, customers, matches), and what it does to the
 * score to keep such groups apart.
 */
import type { ColumnProfile, Profile } from '../contracts/dataset.ts';
import type { SplitQuestion } from '../contracts/splits.ts';
import { findColumn, type TableColumn } from '../prep/table.ts';
import { groupsOf } from '../tasks/strata.ts';
import { groupNames, idNames } from '../tasks/suggest.ts';
import { cohesionOf, componentsOf, type Groups, neighbourCohesion } from './cohesion.ts';
import { type CompareOptions, compareGroups } from './compare.ts';
import { type ProbeTask, readFeatures } from './probe-task.ts';

/** Fewer groups cannot be dealt to folds. */
const LEAST_GROUPS = 10;
/** Whole numbers of few values are counts or grades, unless their header says otherwise. */
const LEAST_NUMBERS = 20;
/** Where fewer rows are in company of their group, keeping it together changes nothing. */
const LEAST_COMPANY = 0.2;
/** One group must not be most of the table. */
const LARGEST_SHARE = 0.5;
/** Groups that are this small in the mean, and many, are things of their own rather than a property that rows have. */
const SMALL = 20;
const MANY = 50;
/** Deviations of chance from which members count as alike; and how alike they must be. */
const SURE = 5;
const ALIKE = 0.05;
/** Columns that are compared within groups. */
const MOST_COMPARED = 60;
/** Candidates that are looked at closely. */
const MOST_LOOKED = 6;
export const MOST_ASKED = 3;

/** Columns that could name groups, by their profile alone, the likeliest first. */
export function groupColumns({ columns, rows }: Profile, target: string): string[] {
  return columns
    .filter((column) => column.name !== target && couldGroup(column, rows))
    .sort((a, b) => Number(namesThings(b, rows)) - Number(namesThings(a, rows)) || b.distinct - a.distinct)
    .slice(0, MOST_LOOKED)
    .map(({ name }) => name);
}

function couldGroup(column: ColumnProfile, rows: number): boolean {
  const { type, distinct, missing, top, min, max } = column;
  if (type !== 'category' && type !== 'text' && type !== 'number') return false;
  const whole = [min, max, ...top.map(({ value }) => Number(value))].every((x) => Number.isInteger(x));
  if (type === 'number' && !whole) return false;
  const present = rows - missing;
  const least = type === 'number' && !isNamed(column) ? LEAST_NUMBERS : LEAST_GROUPS;
  return distinct >= least && distinct <= 0.9 * present && (top[0]?.count ?? 0) <= LARGEST_SHARE * rows;
}

/** Whether its values are names of things, by the header or because there are many small groups. */
function namesThings(column: ColumnProfile, rows: number): boolean {
  const { type, distinct, missing } = column;
  // A number may be an amount, whose reading is fair.
  return isNamed(column) || (type !== 'number' && distinct >= MANY && rows - missing <= SMALL * distinct);
}

const isNamed = ({ name }: ColumnProfile): boolean => groupNames.test(name) || idNames.test(name);

export interface GroupCandidate {
  readonly column: string;
  readonly groups: Groups;
  readonly company: number;
  /** Mean cohesion of the columns that are surely alike, the target counting as much as all others. */
  readonly weight: number;
  readonly things: boolean;
}

/** @returns null where the groups hold nothing together, or are points of a scale such as ages */
export function weighGroups(task: ProbeTask, name: string, profile: Profile): GroupCandidate | null {
  const column = findColumn(task.table, name);
  if (!column || !mayName(column)) return null;
  const groups = numberGroups(column);
  const sizes = new Float64Array(groups.count);
  for (const group of groups.of) if (group >= 0) sizes[group]!++;
  const company = groups.of.reduce((sum, group) => sum + (group >= 0 && sizes[group]! > 1 ? 1 : 0), 0);
  if (groups.count < LEAST_GROUPS || company < LEAST_COMPANY * task.table.rows) return null;
  if (sizes.some((size) => size > LARGEST_SHARE * task.table.rows)) return null;
  const used = new Set(task.columns.map((one) => one.name));
  const others = task.table.columns.filter((one) => one !== column && used.has(one.name)).slice(0, MOST_COMPARED);
  const strengths: number[] = [];
  let [same, neighbours] = [0, 0];
  for (const other of [task.targetColumn, ...others]) {
    const components = componentsOf(other);
    const { strength, deviations } = cohesionOf(components, groups);
    const alike = deviations >= SURE && strength >= ALIKE;
    strengths.push(alike ? strength : 0);
    if (!alike) continue;
    same += strength;
    neighbours += Math.max(0, neighbourCohesion(components, groups));
  }
  if (same === 0) return null;
  // Neighbours on a scale are nearly as alike as equals; numbers that are names have no neighbours.
  if (column.kind === 'number' && neighbours > 0.5 * same) return null;
  const [labels = 0, ...rows] = strengths;
  const weight = labels + rows.reduce((a, b) => a + b, 0) / Math.max(1, rows.length);
  const own = profile.columns.find((one) => one.name === name)!;
  return { column: name, groups, company: company / task.table.rows, weight, things: namesThings(own, profile.rows) };
}

/** Profiles of many numbers show few of them: here it is seen whether all are whole. */
const mayName = (column: TableColumn): boolean =>
  column.kind === 'string' || column.values.every((value) => Number.isNaN(value) || Number.isInteger(value));

/** Numbers in their order, strings as they come. */
function numberGroups(column: TableColumn): Groups {
  if (column.kind === 'string') return { of: groupsOf(column), count: column.dictionary.length };
  const known = [...new Set(column.values)].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const place = new Map(known.map((value, i) => [value, i]));
  return { of: Int32Array.from(column.values, (value) => place.get(value) ?? -1), count: known.length };
}

/**
 * A search with a random split reads the column and is flattered by it; with a split by group it cannot. Where the
 * values are properties rather than names, reading them is fair: then neither probe does, and only what the other
 * columns give away of the group counts.
 */
export async function askGroups(
  task: ProbeTask,
  { column, groups, company, things }: GroupCandidate,
  options: Pick<CompareOptions, 'seed' | 'rest'>,
): Promise<SplitQuestion | null> {
  const apart = readFeatures(task, new Set([column]));
  const random = things ? readFeatures(task) : apart;
  if (!apart || !random) return null;
  const compared = await compareGroups(task, groups.of, { random, apart }, options);
  if (!compared) return null;
  return {
    about: 'group',
    column,
    rows: task.table.rows,
    company,
    groups: new Set(groups.of.filter((group) => group >= 0)).size,
    ...compared,
    reads: things ? 'random' : 'neither',
    split: { kind: 'group', groupColumn: column },
    drift: null,
    extra: [],
  };
}
