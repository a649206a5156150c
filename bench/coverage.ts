/**
 * Whether intervals and prediction sets hold what they promise: the share of sealed test rows that they hold, on every
 * development table, against the 90 % they are made for. `--data DIR --sets a,b --seeds 0 --quick --out r.jsonl`
 */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { keepResult } from './lib/machine.ts';
import { makeQuickModel } from './lib/quick-model.ts';
import { type BenchSet, dataFolder, tabularSets } from './lib/sets.ts';
import { percent } from './lib/text.ts';

interface CoverageLine {
  readonly set: string;
  readonly seed: number;
  readonly task: string;
  /** What the width of intervals depends on; null for classes. */
  readonly method: string | null;
  readonly rows: number;
  readonly coverage: number;
  readonly low: number;
  readonly high: number;
  /** Intervals: median width in deviations of the test targets. Sets: share of rows with exactly one class. */
  readonly size: number;
  /** Sets: share of the rows with one class for which it is right. */
  readonly oneRight: number | null;
  readonly bytes: number;
  /** Seconds that fitting took, out of the whole finalising. */
  readonly seconds: number;
}

const level = 0.9;
/** Points that the mean coverage may lie from the level. */
const tolerance = 0.02;

async function measure(set: BenchSet, seed: number): Promise<CoverageLine> {
  const folder = mkdtempSync(join(tmpdir(), 'warmstart-coverage-'));
  try {
    const { made, report } = await makeQuickModel(set, folder, { seed, trialSeconds: 30 });
    const { intervals, sets, residuals } = report;
    const promise = intervals ?? sets;
    if (!promise) throw new Error('the model promises nothing');
    const { value, low, high, rows } = promise.coverage;
    const { assembled = 0, conformal = 0 } = made.timings;
    return {
      set: set.name,
      seed,
      task: set.task,
      method: intervals?.method ?? null,
      rows,
      coverage: value,
      low,
      high,
      size: sets ? sets.one : (intervals?.widths[1] ?? 0) / deviation((residuals?.points ?? []).map(([y]) => y)),
      oneRight: sets?.oneRight ?? null,
      bytes: made.bytes,
      seconds: conformal - assembled,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      sets: { type: 'string' },
      seeds: { type: 'string', default: '0' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const only = values.sets?.split(',') ?? (values.quick ? ['concrete', 'sonar'] : undefined);
  const lines: CoverageLine[] = [];
  if (values.out) writeFileSync(values.out, '');
  for (const set of tabularSets(dataFolder(values.data), only))
    for (const seed of values.seeds.split(',').map(Number)) {
      const line = await measure(set, seed);
      lines.push(line);
      console.log(JSON.stringify(line));
      if (values.out) appendFileSync(values.out, `${JSON.stringify(line)}\n`);
    }
  for (const line of lines)
    console.log(
      `${line.set.padEnd(20)} ${percent(line.coverage).padStart(7)}  ${percent(line.low)} to ${percent(line.high)}  ${line.method ?? 'sets'}  ${line.size.toFixed(2)}`,
    );
  const mean = (of: readonly CoverageLine[]) => of.reduce((sum, { coverage }) => sum + coverage, 0) / of.length;
  const kinds = ['regression', 'classification'].map((task) => lines.filter((line) => line.task === task));
  const means = kinds.filter((of) => of.length > 0).map(mean);
  const pass = means.every((share) => Math.abs(share - level) <= tolerance);
  console.log(
    `mean of ${lines.length}: ${percent(mean(lines))} (${means.map((share) => percent(share)).join(', ')}): ${pass ? 'holds' : 'DOES NOT HOLD'}`,
  );
  if (!values.quick && !values.sets) keepResult('coverage', { level, mean: mean(lines), pass, lines });
}
