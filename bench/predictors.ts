/**
 * How well predictors rank the designs of a table from few of them: rank correlation on the others, without a bank and
 * with the other tables. `--table DIR … --labels 100,1000 --seeds 0,1,2`
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '#core/math/random.ts';
import { spearman } from '#core/math/ranks.ts';
import { DesignKernel, type DesignRows, takeRows } from '#core/predictors/design-kernel.ts';
import { fitDesignModel } from '#core/predictors/design-model.ts';
import { encodingOf } from '#core/predictors/encoding.ts';
import { normalScores } from '#core/predictors/normal-scores.ts';
import { optionTablesOf } from '#core/predictors/option-tables.ts';
import { fitDesignTrees } from '#core/predictors/tree-predictor.ts';
import { type DesignTable, readDesignTable, sameSpace, tableFolders } from './lib/design-table.ts';
import { keepResult } from './lib/machine.ts';

/** A Gaussian process on more designs than this takes too long to be of use. */
const MOST_GAUSSIAN = 300;

interface Line {
  readonly table: string;
  readonly predictor: string;
  readonly labels: number;
  readonly bank: boolean;
  readonly seed: number;
  readonly spearman: number;
  /** Of the processor. */
  readonly seconds: number;
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      table: { type: 'string', multiple: true },
      data: { type: 'string' },
      labels: { type: 'string', default: '100,1000' },
      seeds: { type: 'string', default: '0,1,2' },
    },
  });
  const standard = join(values.data ?? join(import.meta.dirname, '../../shared/data'), 'nasbench/nas_bench_graph');
  const tables = (values.table ?? [standard]).flatMap(tableFolders).map(readDesignTable);
  const lines: Line[] = [];
  for (const table of tables) {
    const others = tables.filter((other) => other !== table && sameSpace(table, other));
    for (const bank of others.length > 0 ? [false, true] : [false]) {
      const rows = rowsOf(table, bank ? others : []);
      for (const labels of values.labels.split(',').map(Number))
        for (const seed of values.seeds.split(',').map(Number))
          for (const predictor of ['trees', 'gaussian']) {
            if (predictor === 'gaussian' && labels > MOST_GAUSSIAN) continue;
            const line = await measure(table, rows, predictor, labels, seed);
            lines.push({ ...line, bank });
            console.log(JSON.stringify(lines.at(-1)));
          }
    }
  }
  const summary = [
    ...Map.groupBy(lines, (line) => `${line.predictor} ${line.labels} ${line.bank ? 'bank' : 'alone'}`),
  ].map(([name, group]) => ({
    name,
    spearman: group.reduce((sum, line) => sum + line.spearman, 0) / group.length,
    slowestSeconds: Math.max(...group.map(({ seconds }) => seconds)),
  }));
  console.table(summary);
  if (!values.table) keepResult('predictors', summary);
}

/** All designs of a table, with their normal scores on the others. */
function rowsOf(table: DesignTable, others: readonly DesignTable[]): DesignRows {
  const encoding = encodingOf(table.space);
  const codes = new Uint8Array(table.designs.length * encoding.columns.length);
  table.designs.forEach((design, i) => {
    codes.set(encoding.encode(design), i * encoding.columns.length);
  });
  const bank = new Float32Array(table.designs.length * others.length);
  others.forEach((other, t) => {
    const scores = normalScores(other.losses);
    const index = new Map(other.keys.map((key, i) => [key, scores[i]!]));
    table.keys.forEach((key, i) => {
      bank[i * others.length + t] = index.get(key) ?? 0;
    });
  });
  return { count: table.designs.length, codes, bank, tasks: others.length };
}

async function measure(table: DesignTable, rows: DesignRows, predictor: string, labels: number, seed: number) {
  const order = new Random(seed).shuffle(Int32Array.from({ length: rows.count }, (_, i) => i));
  const known = order.subarray(0, labels);
  const rest = order.subarray(labels);
  const losses = Array.from(known, (i) => table.losses[i]!);
  const encoding = encodingOf(table.space);
  const kernel = new DesignKernel(optionTablesOf(encoding, rows.tasks > 0 ? rows : null), encoding.columns.length);
  const start = process.cpuUsage();
  const model =
    predictor === 'trees'
      ? await fitDesignTrees(encoding, takeRows(rows, known), losses, { seed })
      : fitDesignModel(kernel, takeRows(rows, known), losses);
  // What a search does: score everything.
  const mean = 'ensembles' in model ? model.predict(rows).mean : model.means(rows);
  const spent = process.cpuUsage(start);
  const seconds = (spent.user + spent.system) / 1e6;
  const agreement = spearman(
    Float64Array.from(rest, (i) => mean[i]!),
    Float64Array.from(rest, (i) => table.losses[i]!),
  );
  return { table: table.name, predictor, labels, seed, spearman: agreement, seconds };
}
