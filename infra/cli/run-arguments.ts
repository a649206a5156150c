/** The arguments of `warmstart run`, checked before anything is started. */
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { z } from 'zod';
import {
  costsSchema,
  type MetricName,
  metricInfo,
  metricNames,
  monotoneSchema,
  type SearchRequest,
  type SplitPolicy,
  type StrategyName,
  strategyNames,
  type TaskKind,
} from '#core/contracts/task.ts';
import { CliError, exitCodes, usageError } from './exit.ts';
import { readable, readableFile, writable } from './paths.ts';

export interface RunArguments {
  readonly data: string;
  readonly test: string | null;
  readonly target: string;
  readonly task: TaskKind | null;
  readonly metric: MetricName | null;
  readonly positiveClass: string | null;
  readonly costs: SearchRequest['costs'];
  readonly monotone: SearchRequest['monotone'];
  readonly budgetSeconds: number;
  readonly trials: number | null;
  readonly seed: number;
  readonly split: SplitPolicy | null;
  readonly prior: 'on' | 'off';
  readonly strategy: StrategyName;
  readonly reuse: boolean;
  readonly stopEarly: boolean;
  readonly out: string | null;
  readonly bundle: string | null;
  readonly json: boolean;
  readonly server: string | null;
  readonly project: string | null;
  readonly dataDir: string | null;
}

const laterTasks = [
  'forecasting',
  'series-classification',
  'image-classification',
  'detection',
  'segmentation',
  'text-classification',
  'node-classification',
  'graph-classification',
  'retrieval',
];
const tableFile = /\.(csv|tsv|txt|parquet|jsonl|ndjson|json)(\.gz)?$|\.zip$/i;

/** `90s`, `5m`, `1h`, or plain seconds. */
export function parseBudget(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(s|m|h)?$/.exec(text);
  if (!match) throw usageError(`--budget ${text}: give a time such as 90s, 5m or 1h.`);
  const seconds = Math.round(Number(match[1]) * { s: 1, m: 60, h: 3600 }[(match[2] ?? 's') as 's' | 'm' | 'h']);
  if (seconds < 10 || seconds > 86_400) throw usageError(`--budget ${text}: it must be from 10s to 24h.`);
  return seconds;
}

/** JSON of the form of `schema`; null where the option is left out. */
function jsonOf<T>(option: string, text: string | undefined, schema: z.ZodType<T>, form: string): T | null {
  if (text === undefined) return null;
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    read = undefined;
  }
  const parsed = schema.safeParse(read);
  if (!parsed.success) throw usageError(`--${option} ${text}: give ${form}.`);
  return parsed.data;
}

function oneOf<T extends string>(option: string, value: string | undefined, values: readonly T[]): T | null {
  if (value === undefined) return null;
  const found = values.find((v) => v === value);
  if (!found) throw usageError(`--${option} ${value}: it must be one of ${values.join(', ')}.`);
  return found;
}

function integer(option: string, value: string | undefined, min: number, max: number): number | null {
  if (value === undefined) return null;
  const n = Number(value);
  if (value.trim() === '' || !Number.isInteger(n) || n < min || n > max)
    throw usageError(`--${option} ${value}: it must be a whole number from ${min} to ${max}.`);
  return n;
}

/** A folder holds `train.*` and may hold `test.*`. */
export function dataFiles(path: string, test: string | undefined): { data: string; test: string | null } {
  const data = readable(path);
  if (!statSync(data).isDirectory()) return { data, test: test === undefined ? null : readableFile(test) };
  const find = (stem: string) => readdirSync(data).find((name) => name.startsWith(`${stem}.`) && tableFile.test(name));
  const train = find('train');
  if (!train) throw new CliError(exitCodes.badData, `The folder ${path} holds no train.csv, .tsv, .parquet or .jsonl.`);
  const own = find('test');
  return {
    data: join(data, train),
    test: test !== undefined ? readableFile(test) : own ? join(data, own) : null,
  };
}

function splitOf(kind: 'random' | 'group' | 'time' | null, group?: string, time?: string): SplitPolicy | null {
  const chosen = kind ?? (group ? 'group' : time ? 'time' : null);
  if (chosen === 'group') {
    if (!group) throw usageError('--split group needs --group-column.');
    return { kind: 'group', groupColumn: group };
  }
  if (chosen === 'time') {
    if (!time) throw usageError('--split time needs --time-column.');
    return { kind: 'time', timeColumn: time };
  }
  return chosen && { kind: 'random' };
}

/** @throws CliError 2 for what is no address */
function serverOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? ''))
    throw usageError(`--server ${text}: give an address such as https://warmstart.example.org.`);
  return text.replace(/\/$/, '');
}

/** @throws CliError 2 for usage, 3 for a folder without a table */
export function parseRunArguments(args: string[]): RunArguments {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      test: text,
      target: text,
      task: text,
      metric: text,
      'positive-class': text,
      costs: text,
      monotone: text,
      budget: text,
      trials: text,
      seed: text,
      split: text,
      'group-column': text,
      'time-column': text,
      'series-column': text,
      horizon: text,
      prior: text,
      strategy: text,
      reuse: text,
      'stop-early': text,
      out: text,
      bundle: text,
      json: { type: 'boolean', default: false },
      server: text,
      project: text,
      data: text,
    },
  });
  const [path, ...surplus] = positionals;
  if (!path) throw usageError('Name the data: warmstart run DATA --target COLUMN. See warmstart --help.');
  if (surplus.length > 0)
    throw usageError(`Unexpected ${surplus.map((s) => `"${s}"`).join(', ')}: one data file at a time.`);
  if (!values.target) throw usageError('--target COLUMN is missing.');
  if (values.task && laterTasks.includes(values.task))
    throw usageError(`--task ${values.task} is not available in this version; classification and regression are.`);
  if (values['series-column'] !== undefined || values.horizon !== undefined)
    throw usageError('--series-column and --horizon are for forecasting, which is not available in this version.');
  const task = oneOf('task', values.task, ['classification', 'regression'] as const);
  const metric = oneOf('metric', values.metric, metricNames);
  if (task && metric && !(metricInfo[metric].kinds as readonly string[]).includes(task))
    throw usageError(`--metric ${metric} is not for ${task}.`);
  const files = dataFiles(path, values.test);
  const output = (option: 'out' | 'bundle') =>
    values[option] === undefined ? null : writable(option, values[option], [files.data, files.test]);
  const out = output('out');
  const bundle = output('bundle');
  if (out !== null && out === bundle) throw usageError('--out and --bundle name the same file.');
  return {
    ...files,
    target: values.target,
    task,
    metric,
    positiveClass: values['positive-class'] ?? null,
    costs: jsonOf(
      'costs',
      values.costs,
      costsSchema,
      'costs by true class, then by the class that is said, as {"yes":{"no":9}}',
    ),
    monotone: jsonOf(
      'monotone',
      values.monotone,
      monotoneSchema,
      'columns along which predictions only rise (1) or only fall (-1), as {"age":1}',
    ),
    budgetSeconds: parseBudget(values.budget ?? '2m'),
    trials: integer('trials', values.trials, 1, 100_000),
    seed: integer('seed', values.seed, 0, 0xffff_ffff) ?? 0,
    split: splitOf(
      oneOf('split', values.split, ['random', 'group', 'time'] as const),
      values['group-column'],
      values['time-column'],
    ),
    prior: oneOf('prior', values.prior, ['on', 'off'] as const) ?? 'on',
    strategy: oneOf('strategy', values.strategy, strategyNames) ?? 'default',
    reuse: (oneOf('reuse', values.reuse, ['on', 'off'] as const) ?? 'on') === 'on',
    stopEarly: oneOf('stop-early', values['stop-early'], ['on', 'off'] as const) === 'on',
    out,
    bundle,
    json: values.json,
    server: serverOf(values.server),
    project: values.project ?? null,
    dataDir: values.data ? resolve(values.data) : null,
  };
}
