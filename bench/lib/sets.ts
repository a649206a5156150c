/** The folders that benches read: `train.csv`, `test.csv`, `meta.json` each. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MetricName, metricNames, type TaskKind } from '#core/contracts/task.ts';

export interface BenchSet {
  readonly name: string;
  readonly train: string;
  readonly test: string;
  readonly target: string;
  readonly task: TaskKind;
  readonly metric: MetricName;
}

/** Finds the development data: `--data`, or `shared/data` beside the checkout. */
export function dataFolder(given: string | undefined): string {
  const folder = given ?? join(import.meta.dirname, '../../../shared/data');
  if (!existsSync(folder)) throw new Error(`No data at ${folder}: name a folder of sets with --data DIR.`);
  return folder;
}

/**
 * Tabular sets below `folder` (or below its `tabular/`), by name.
 * @param only names to keep; all where undefined
 */
export function tabularSets(folder: string, only?: readonly string[]): BenchSet[] {
  const base = existsSync(join(folder, 'tabular')) ? join(folder, 'tabular') : folder;
  return readdirSync(base)
    .filter((name) => existsSync(join(base, name, 'meta.json')) && (!only || only.includes(name)))
    .sort()
    .map((name) => {
      const meta = JSON.parse(readFileSync(join(base, name, 'meta.json'), 'utf8')) as {
        target: string;
        task: string;
        metric: string;
      };
      const task = meta.task.includes('regression') ? 'regression' : 'classification';
      const metric = metricNames.find((known) => known === meta.metric) ?? (task === 'regression' ? 'rmse' : 'roc_auc');
      return {
        name,
        train: join(base, name, 'train.csv'),
        test: join(base, name, 'test.csv'),
        target: meta.target,
        task,
        metric,
      };
    });
}
