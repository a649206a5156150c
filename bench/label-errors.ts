/**
 * Whether wrong labels are found: a share of the training labels is flipped at random, a model is made, and its list of
 * suspect labels is read from the top. How many of the flipped rows are among the first 5 % of rows?
 * `--data DIR --sets a,b --share 0.05 --seeds 0 --quick --out r.jsonl`; all classification tables without `--sets`.
 */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { FaultReport } from '#core/contracts/faults.ts';
import { Random } from '#core/math/random.ts';
import { faultsTask } from '#workers/trainers/faults.ts';
import { type Csv, csvText, parseCsv } from './lib/csv.ts';
import { keepResult } from './lib/machine.ts';
import { makeQuickModel } from './lib/quick-model.ts';
import { type BenchSet, dataFolder, tabularSets } from './lib/sets.ts';
import { percent } from './lib/text.ts';

interface LabelLine {
  readonly set: string;
  readonly seed: number;
  readonly rows: number;
  readonly flipped: number;
  /** Suspects listed in all, and how many labels the model takes for wrong. */
  readonly listed: number;
  readonly estimated: number | null;
  /** Share of the flips among the first rows of the list, as many as 5 % of all rows. */
  readonly found: number;
}

const firstShare = 0.05;
/** Share of the flips that must be found. */
const bar = 0.7;
/** Tables that must reach it. */
const tables = 4;

/** The table with other labels in some rows, and which rows those are. */
function flip(table: Csv, target: string, share: number, seed: number): { text: string; flipped: Set<number> } {
  const at = table.header.indexOf(target);
  const random = new Random(seed);
  const classes = [...new Set(table.rows.map((row) => row[at] ?? ''))].sort();
  const order = random.shuffle(Int32Array.from(table.rows.keys()));
  const flipped = new Set(order.subarray(0, Math.round(share * table.rows.length)));
  const rows = table.rows.map((row, i) => {
    if (!flipped.has(i)) return row;
    const others = classes.filter((name) => name !== row[at]);
    const other = others[random.integer(others.length)] ?? '';
    return row.map((cell, j) => (j === at ? other : cell));
  });
  return { text: csvText({ header: table.header, rows }), flipped };
}

async function measure(set: BenchSet, share: number, seed: number): Promise<LabelLine> {
  const folder = mkdtempSync(join(tmpdir(), 'warmstart-labels-'));
  try {
    const train = join(folder, 'flipped.csv');
    const { text, flipped } = flip(parseCsv(readFileSync(set.train, 'utf8')), set.target, share, seed + 1);
    writeFileSync(train, text);
    const model = await makeQuickModel({ ...set, train }, folder, { seed, trialSeconds: 30 });
    const faultsPath = join(folder, 'faults.json');
    const seal = { ...model.seal, separateTest: model.seal.testTablePath !== null };
    await faultsTask({ ...model, seal, seed, faultsPath });
    const { rows, estimated, found, faults } = JSON.parse(readFileSync(faultsPath, 'utf8')) as FaultReport;
    const first = faults.label.slice(0, Math.round(firstShare * rows));
    const hits = first.filter(({ row }) => flipped.has(row)).length;
    return {
      set: set.name,
      seed,
      rows,
      flipped: flipped.size,
      listed: found.label,
      estimated,
      found: hits / flipped.size,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      sets: { type: 'string' },
      share: { type: 'string', default: '0.05' },
      seeds: { type: 'string', default: '0' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const share = Number(values.share);
  const only = values.sets?.split(',') ?? (values.quick ? ['sick'] : undefined);
  const sets = tabularSets(dataFolder(values.data), only).filter(({ task }) => task === 'classification');
  const lines: LabelLine[] = [];
  if (values.out) writeFileSync(values.out, '');
  for (const set of sets)
    for (const seed of values.seeds.split(',').map(Number)) {
      const line = await measure(set, share, seed);
      lines.push(line);
      console.log(JSON.stringify(line));
      if (values.out) appendFileSync(values.out, `${JSON.stringify(line)}\n`);
    }
  for (const { set, found, flipped, listed } of lines)
    console.log(`${set.padEnd(20)} ${percent(found).padStart(7)} of ${flipped} flips, ${listed} suspects`);
  const reached = sets.filter(({ name }) => {
    const own = lines.filter(({ set }) => set === name);
    return own.reduce((sum, { found }) => sum + found, 0) / own.length >= bar;
  });
  console.log(`${reached.length} of ${sets.length} tables reach ${percent(bar)}`);
  if (!values.quick && !values.sets)
    keepResult('label-errors', { share, bar, reached: reached.length, pass: reached.length >= tables, lines });
}
