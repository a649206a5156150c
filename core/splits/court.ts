/**
 * The court of splits: hears what speaks against dealing the rows of a table at random, puts a price on it, and asks only
 * where it is high. Detectors look for rows that belong together (`groups.ts`, `copies.ts`), for a course of time
 * (`times.ts`), for columns that know the target (`leaks.ts`) and for a test table from elsewhere (`shift.ts`). What they
 * find is tried: a fast probe (`probe.ts`) is trained where rows are dealt at random and where they are kept apart, and
 * both score the same rows (`compare.ts`). The price is the gap, with an interval (`score.ts`).
 */
import type { SplitQuestion, SplitReport } from '../contracts/splits.ts';
import type { Table } from '../prep/table.ts';
import { dealFolds } from '../tasks/folds.ts';
import { FOLDS } from './compare.ts';
import { askCopies } from './copies.ts';
import { askGroups, type GroupCandidate, groupColumns, MOST_ASKED, weighGroups } from './groups.ts';
import { type Baseline, findLeaks, findOrders } from './leaks.ts';
import { probeFolds } from './probe.ts';
import { type ProbeTask, readFeatures, readProbeTask, type SampledRows, type Subject } from './probe-task.ts';
import { scoreOf } from './score.ts';
import { stackTables, tellApart } from './shift.ts';
import { askTime, timeColumns } from './times.ts';

/** Fewer rows tell nothing apart from chance. */
const LEAST_ROWS = 100;
/** Rows that are looked at, and cells, so that wide tables take seconds too. */
const MOST_ROWS = 10_000;
const MOST_CELLS = 600_000;
const LEAST_SAMPLED = 500;

/** How many rows of a table with so many columns to sample. */
export const sampleSize = (columns: number): number =>
  Math.max(LEAST_SAMPLED, Math.min(MOST_ROWS, Math.floor(MOST_CELLS / Math.max(1, columns))));

export interface CourtInput extends Subject {
  /** Up to `sampleSize` rows: at random, or, given a column, all rows of values drawn at random. All rows of small tables. */
  readonly sample: (groupColumn: string | null) => Promise<SampledRows>;
  /** Rows at random of a separate test table. */
  readonly test: Table | null;
  /** Once nothing is left what is not yet tried is left out. */
  readonly secondsLeft: () => number;
  /** Awaited at least every 100 ms; what it rejects with ends the hearing. */
  readonly rest: () => Promise<void>;
}

/** @throws RangeError in words for the person when the target holds nothing to learn */
export async function judgeSplits(input: CourtInput): Promise<SplitReport> {
  const { profile, target, kind, seed, rest } = input;
  const sampled = await input.sample(null);
  const whole = sampled.table.rows === profile.rows;
  const task = readProbeTask(sampled, input);
  const report: SplitReport = {
    schema: 'warmstart.splits/1',
    target,
    kind,
    metric: task.metric,
    rows: profile.rows,
    looked: task.table.rows,
    score: null,
    questions: [],
    leaks: [],
    orders: [],
    shift: null,
    cut: false,
  };
  const baseline = task.table.rows < LEAST_ROWS ? null : await probeBaseline(task, seed, rest);
  if (!baseline) return report;
  const options = { seed, rest };
  const hearing = new Hearing(input.secondsLeft);
  const questions: SplitQuestion[] = [];
  const ask = async (question: () => Promise<SplitQuestion | null>) => {
    const answer = await hearing.unlessLate(question);
    if (answer) questions.push(answer);
  };
  const shift = await hearing.unlessLate(() => shiftOf(task, input));
  const candidates = await groupCandidates(task, whole, input);
  for (const { candidate, found } of candidates) await ask(() => askGroups(found, candidate, options));
  for (const column of timeColumns(profile, target)) await ask(() => askTime(task, column, options));
  await ask(() => askCopies(task, whole, options));
  // A split by group leaves its column out.
  const spared = new Set(
    questions.flatMap(({ matters, about, column }) => (matters && about === 'group' && column ? [column] : [])),
  );
  const leaks = await hearing.unlessLate(() => findLeaks(task, baseline, spared, options));
  return {
    ...report,
    score: scoreOf({ ...task, ...baseline }, Int32Array.from(task.rows.keys()))(),
    questions: questions.sort((a, b) => Number(b.matters) - Number(a.matters) || b.gap.value - a.gap.value),
    leaks: leaks ?? [],
    orders: findOrders(task, seed),
    shift,
    cut: hearing.late,
  };
}

/** Skips what comes too late, and remembers that it did. */
class Hearing {
  late = false;
  private readonly secondsLeft: () => number;

  constructor(secondsLeft: () => number) {
    this.secondsLeft = secondsLeft;
  }

  async unlessLate<T>(work: () => Promise<T>): Promise<T | null> {
    if (this.secondsLeft() > 0) return work();
    this.late = true;
    return null;
  }
}

/** @returns null where there is nothing to learn from */
async function probeBaseline(task: ProbeTask, seed: number, rest: () => Promise<void>): Promise<Baseline | null> {
  const features = readFeatures(task);
  if (!features) return null;
  const folds = dealFolds({ strata: task.strata, seed }, FOLDS);
  return { features, folds, predictions: await probeFolds(features, task.target, folds, seed, rest) };
}

interface Candidate {
  readonly candidate: GroupCandidate;
  /** A sample with whole groups. */
  readonly found: ProbeTask;
}

/** The weightiest, things before properties. */
async function groupCandidates(task: ProbeTask, whole: boolean, input: CourtInput): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const name of groupColumns(input.profile, input.target)) {
    if (input.secondsLeft() <= 0) break;
    const found = whole ? task : readProbeTask(await input.sample(name), input);
    const candidate = weighGroups(found, name, input.profile);
    if (candidate) candidates.push({ candidate, found });
    await input.rest();
  }
  const rank = ({ candidate }: Candidate) => candidate.weight + (candidate.things ? 10 : 0);
  return candidates.sort((a, b) => rank(b) - rank(a)).slice(0, MOST_ASKED);
}

function shiftOf({ table, columns, identifiers }: ProbeTask, { test, seed, rest }: CourtInput) {
  if (!test || test.rows === 0) return Promise.resolve(null);
  const both = stackTables(table, test);
  const origin = Int32Array.from({ length: both.rows }, (_, row) => (row < table.rows ? 0 : 1));
  const there = new Set(both.columns.map(({ name }) => name));
  const dates = columns.filter(({ type }) => type === 'date');
  return tellApart(
    {
      table: both,
      columns: columns.filter(({ name, type }) => there.has(name) && type !== 'date'),
      origin,
      // Numbering goes on in the next file; that says nothing about its rows.
      without: new Set(identifiers),
      listed: dates,
    },
    { seed, rest },
  );
}
