/**
 * The budget as a contract: runs of 20, 60 and 120 s must end within 110 % with a verified model, with a first usable
 * model within 10 % of the budget or 6 s, whichever is later, and a first scored trial within 5 s on 10,000 rows.
 * `--budgets 20,60,120 --shapes 1000x10,10000x20,100000x50 --quick --out r.jsonl`
 */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { readRunFile } from '#infra/dev/run-file.ts';
import { keepResult } from './lib/machine.ts';
import { lastLines, runSearch } from './lib/run-search.ts';
import { writeSyntheticTable } from './lib/synthetic.ts';

const root = join(import.meta.dirname, '..');

interface BudgetLine {
  readonly rows: number;
  readonly columns: number;
  readonly budget: number;
  readonly seconds: number | null;
  readonly share: number | null;
  readonly firstUsable: number | null;
  readonly firstTrial: number | null;
  readonly trials: number | null;
  readonly verified: boolean;
  readonly pass: boolean;
  readonly error: string | null;
}

/** Seconds from the start of a search to its first scored trial, from the product's own rows. */
async function firstTrialSeconds(searchId: string): Promise<number | null> {
  const run = readRunFile(join(root, '.data'));
  if (!run) return null;
  const client = new pg.Client({ connectionString: run.databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ seconds: number | null }>(
      `select extract(epoch from min(t.ended_at) - s.created_at)::float8 as seconds from searches s join trials t on t.search_id = s.id and t.state = 'done' where s.id = $1 group by s.created_at`,
      [searchId],
    );
    return rows[0]?.seconds ?? null;
  } finally {
    await client.end();
  }
}

async function measure(
  file: string,
  rows: number,
  columns: number,
  budget: number,
  folder: string,
): Promise<BudgetLine> {
  const base = { rows, columns, budget };
  try {
    const result = await runSearch(file, { target: 'target', budget, out: join(folder, 'model.onnx') });
    const { total, firstUsable } = result.seconds;
    const verified = result.status === 'ready' && result.verification.every((v) => v.pass);
    const usableInTime = firstUsable !== null && firstUsable <= Math.max(6, budget / 10);
    return {
      ...base,
      seconds: total,
      share: total / budget,
      firstUsable,
      firstTrial: await firstTrialSeconds(result.searchId),
      trials: result.trials.done,
      verified,
      pass: verified && usableInTime && total <= 1.1 * budget,
      error: null,
    };
  } catch (error) {
    const last = lastLines(error, 2);
    return {
      ...base,
      seconds: null,
      share: null,
      firstUsable: null,
      firstTrial: null,
      trials: null,
      verified: false,
      pass: false,
      error: last,
    };
  }
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      budgets: { type: 'string', default: '20,60,120' },
      shapes: { type: 'string', default: '1000x10,10000x20,100000x50' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const budgets = values.quick ? [20] : values.budgets.split(',').map(Number);
  const shapes = values.quick ? ['1000x10'] : values.shapes.split(',');
  const folder = mkdtempSync(join(tmpdir(), 'warmstart-bench-'));
  const lines: BudgetLine[] = [];
  if (values.out) writeFileSync(values.out, '');
  try {
    for (const shape of shapes) {
      const [rows = 1000, columns = 10] = shape.split('x').map(Number);
      const file = join(folder, `${shape}.csv`);
      writeSyntheticTable(file, rows, columns);
      for (const budget of budgets) {
        const line = await measure(file, rows, columns, budget, folder);
        lines.push(line);
        console.log(JSON.stringify(line));
        if (values.out) appendFileSync(values.out, `${JSON.stringify(line)}\n`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(
    `\n${lines.filter((line) => line.pass).length} of ${lines.length} runs kept the contract; largest share of the budget ${Math.max(...lines.map((line) => line.share ?? 0)).toFixed(2)}`,
  );
  if (!values.quick) keepResult('budget', lines);
}
