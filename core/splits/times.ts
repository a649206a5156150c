/** Columns that say when rows were, whether rows or the target drift with them, and what predicting later rows from earlier ones costs. */
import type { ColumnProfile, Profile } from '../contracts/dataset.ts';
import type { SplitQuestion } from '../contracts/splits.ts';
import { Random } from '../math/random.ts';
import { takeRows } from '../prep/table.ts';
import { dealFolds, type Fold } from '../tasks/folds.ts';
import { timesOf } from '../tasks/times.ts';
import { type CompareOptions, compareWays, FOLDS } from './compare.ts';
import { type ProbeTask, readFeatures } from './probe-task.ts';
import { tellApart } from './shift.ts';

export const MOST_TIMES = 1;
/** Fewer moments are no course of time. */
const LEAST_MOMENTS = 10;
const timeNames =
  /(^|[_\s-])(date|time|datetime|timestamp|ts|epoch|year|yr|day|period|created|updated)([_\s-]?(at|on|utc|ms))?$/i;
const birthNames = /birth|dob|born/i;
/** The later part is a fold of its own, so that both ways train on as many rows. */
const LATER = 1 / FOLDS;
/** Many rows of one moment move the border; further than this nothing is left to compare. */
const BORDERS = [0.1, 0.5] as const;
/** Of the rows to train on each probe takes this share: which ones it got must show in the repeats. */
const TAKEN = 0.8;
/** A table of fewer rows has no course that could be told from chance. */
const LEAST_KNOWN = 60;

/** Columns that say when, the finest first. */
export function timeColumns({ columns }: Profile, target: string): string[] {
  const says = ({ name, type, distinct }: ColumnProfile) =>
    name !== target &&
    !birthNames.test(name) &&
    distinct >= LEAST_MOMENTS &&
    (type === 'date' || (type === 'number' && timeNames.test(name)));
  return columns
    .filter(says)
    .sort((a, b) => Number(b.type === 'date') - Number(a.type === 'date') || b.distinct - a.distinct)
    .slice(0, MOST_TIMES)
    .map(({ name }) => name);
}

/** @returns null where time does not part the rows */
export async function askTime(
  task: ProbeTask,
  column: string,
  options: Pick<CompareOptions, 'seed' | 'rest'>,
): Promise<SplitQuestion | null> {
  const times = timesOf(task.table, column);
  const parts = partByTime(times);
  // Both probes read the column: hours and weekdays are fair to know, only the course of time is not.
  const features = readFeatures(task);
  if (!parts || !features) return null;
  const { earlier, later, known } = parts;
  const isLater = new Uint8Array(times.length);
  for (const row of later) isLater[row] = 1;
  const isKnown = new Uint8Array(times.length);
  for (const row of known) isKnown[row] = 1;
  const thin = (rows: Int32Array, random: Random) => rows.filter((row) => isKnown[row] && random.uniform() < TAKEN);
  const forward = (seed: number): Fold[] => [{ train: thin(earlier, new Random(seed)), valid: later }];
  const dealt = (seed: number): Fold[] => {
    const random = new Random(seed);
    return dealFolds({ strata: task.strata, seed }, FOLDS).map(({ train, valid }) => ({
      train: thin(train, random),
      valid: valid.filter((row) => isLater[row]),
    }));
  };
  const compared = await compareWays(
    task,
    { features, folds: dealt },
    { features, folds: forward },
    { ...options, judged: later },
  );
  if (!compared) return null;
  const drift = await tellApart(
    {
      table: takeRows(task.table, known),
      columns: task.columns,
      origin: Int32Array.from(known, (row) => isLater[row]!),
      without: timesLeftOut(task, column),
      listed: [task.targetProfile],
    },
    options,
  );
  return {
    about: 'time',
    column,
    rows: later.length,
    company: 1,
    groups: null,
    ...compared,
    reads: 'both',
    split: { kind: 'time', timeColumn: column },
    drift,
    extra: [],
  };
}

/** Whatever tells the time tells earlier from later: dates, and identifiers that were counted up. */
function timesLeftOut({ columns, identifiers }: ProbeTask, column: string): ReadonlySet<string> {
  const dates = columns.filter(({ type }) => type === 'date').map(({ name }) => name);
  return new Set([column, ...dates, ...identifiers]);
}

interface Parts {
  /** Rows whose time is known, ascending, and the two parts of them. */
  readonly known: Int32Array;
  readonly earlier: Int32Array;
  readonly later: Int32Array;
}

/** Rows of one moment stay on one side. */
export function partByTime(times: Float64Array): Parts | null {
  const known = Int32Array.from(times.keys()).filter(
    (row) => Number.isFinite(times[row]!) && times[row]! > Number.MIN_SAFE_INTEGER,
  );
  if (known.length < LEAST_KNOWN) return null;
  const order = known.slice().sort((a, b) => times[a]! - times[b]! || a - b);
  const wanted = Math.round((1 - LATER) * order.length);
  const between = (at: number) => at > 0 && at < order.length && times[order[at]!] !== times[order[at - 1]!];
  let step = 0;
  while (step < order.length && !between(wanted - step) && !between(wanted + step)) step++;
  const at = between(wanted - step) ? wanted - step : wanted + step;
  const share = 1 - at / order.length;
  if (!between(at) || share < BORDERS[0] || share > BORDERS[1]) return null;
  return { known, earlier: order.slice(0, at).sort(), later: order.slice(at).sort() };
}
