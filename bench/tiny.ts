/**
 * Tables of 50 to 300 rows: ours against scikit-learn's logistic and ridge regression on the mean of ten splits.
 * `--data DIR --sets a,b --sizes 50,100,300 --splits 10 --budget 20 --quick --out r.jsonl`
 */
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '#core/math/random.ts';
import { type Csv, csvText, parseCsv } from './lib/csv.ts';
import { keepResult } from './lib/machine.ts';
import type { BenchLine } from './lib/ranks.ts';
import { type BenchSet, dataFolder, tabularSets } from './lib/sets.ts';
import { measure } from './tabular.ts';

/** Rows that are scored, at most. */
const testRows = 1000;

/** A part of a set that draws its training and test rows from all rows there are; every class is among the training rows. */
function subsample(set: BenchSet, all: Csv, size: number, split: number, folder: string): BenchSet {
  const random = new Random(1000 * size + split);
  const order = random.shuffle(Int32Array.from(all.rows, (_, i) => i));
  const at = all.header.indexOf(set.target);
  const label = (row: number) => all.rows[row]?.[at] ?? '';
  let rows = [...order];
  if (set.task === 'classification') {
    const seen = new Set<string>();
    const first = rows.filter((row) => !seen.has(label(row)) && seen.add(label(row)));
    const others = rows.filter((row) => !first.includes(row));
    rows = [...first, ...others];
  }
  mkdirSync(folder, { recursive: true });
  const write = (name: string, part: readonly number[]) => {
    const path = join(folder, name);
    writeFileSync(path, csvText({ header: all.header, rows: part.map((row) => all.rows[row] ?? []) }));
    return path;
  };
  return {
    ...set,
    name: `${set.name} ${size}`,
    train: write('train.csv', rows.slice(0, size)),
    test: write('test.csv', rows.slice(size, size + testRows)),
  };
}

interface Comparison {
  readonly set: string;
  readonly metric: string;
  readonly splits: number;
  readonly ours: number;
  readonly theirs: number;
  /** Mean of ours less theirs, positive where ours is better, with its standard error over splits. */
  readonly gain: number;
  readonly error: number;
}

function compare(lines: readonly BenchLine[]): Comparison[] {
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  return [...Map.groupBy(lines, (line) => line.set)].flatMap(([set, group]): Comparison[] => {
    const scoreOf = (system: string, seed: number) =>
      group.find((line) => line.system === system && line.seed === seed)?.score ?? null;
    const pairs = [...new Set(group.map((line) => line.seed))].flatMap((seed) => {
      const [ours, theirs] = [scoreOf('ours', seed), scoreOf('ridge', seed)];
      return ours === null || theirs === null ? [] : [{ ours, theirs }];
    });
    const [first] = group;
    if (!first || pairs.length === 0) return [];
    const sign = first.direction === 'maximize' ? 1 : -1;
    const gains = pairs.map(({ ours, theirs }) => sign * (ours - theirs));
    const gain = mean(gains);
    const error = Math.sqrt(mean(gains.map((g) => (g - gain) ** 2)) / Math.max(1, pairs.length - 1));
    const average = (side: 'ours' | 'theirs') => mean(pairs.map((pair) => pair[side]));
    return [
      {
        set,
        metric: first.metric,
        splits: pairs.length,
        ours: average('ours'),
        theirs: average('theirs'),
        gain,
        error,
      },
    ];
  });
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      sets: { type: 'string' },
      sizes: { type: 'string', default: '50,100,300' },
      splits: { type: 'string', default: '10' },
      budget: { type: 'string', default: '20' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const { quick } = values;
  const sets = tabularSets(dataFolder(values.data), values.sets?.split(',')).slice(0, quick ? 1 : undefined);
  const sizes = quick ? [50] : values.sizes.split(',').map(Number);
  const splits = quick ? 1 : Number(values.splits);
  const budget = quick ? 10 : Number(values.budget);
  const folder = mkdtempSync(join(tmpdir(), 'warmstart-bench-'));
  const lines: BenchLine[] = [];
  if (values.out) writeFileSync(values.out, '');
  try {
    for (const set of sets) {
      const parts = [set.train, set.test].map((path) => parseCsv(readFileSync(path, 'utf8')));
      const all = { header: parts[0]?.header ?? [], rows: parts.flatMap(({ rows }) => rows) };
      for (const size of sizes) {
        for (let split = 0; split < splits; split++) {
          const part = subsample(set, all, size, split, join(folder, `${set.name}-${size}-${split}`));
          for (const system of ['ridge', 'ours']) {
            const line = await measure(part, system, split, budget);
            lines.push(line);
            console.log(JSON.stringify(line));
            if (values.out) appendFileSync(values.out, `${JSON.stringify(line)}\n`);
          }
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const compared = compare(lines);
  console.table(compared);
  const worse = compared.filter(({ gain }) => gain < 0);
  const clearly = worse.filter(({ gain, error }) => gain < -2 * error);
  console.log(
    `worse on the mean: ${worse.length} of ${compared.length}, ${clearly.length} by more than two standard errors`,
  );
  if (!quick && !values.sets) keepResult('tiny', { budget, splits, compared, lines });
}
