/** What a bench of real training prints and keeps: a line per run, then our means beside published and baseline figures. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keepResult } from './machine.ts';

export interface TrainingLine {
  readonly set: string;
  readonly system: string;
  readonly seed: number;
  readonly metric: string;
  readonly score: number | null;
  /** Other metrics of the run. */
  readonly scores?: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly error: string | null;
}

/** What the mean of a system's runs must reach, on the better side of `value`. */
export interface Bar {
  readonly system: string;
  readonly value: number;
  /** Why this value. */
  readonly from: string;
}

export interface TrainingReport {
  /** Name of the bench and of its kept result. */
  readonly name: string;
  readonly set: string;
  /** Key of the metric in our lines and in `meta.json`. */
  readonly metric: string;
  readonly better: 'higher' | 'lower';
  readonly lines: readonly TrainingLine[];
  readonly bars: readonly Bar[];
  readonly folder: string;
  /** What is not as published, in a sentence each. */
  readonly notes?: readonly string[];
}

interface Published {
  readonly model: string;
  readonly protocol?: string;
  readonly [metric: string]: number | string | undefined;
}

/** Published results and baselines of a set that state the metric. */
export function publishedResults(folder: string, metric: string): { model: string; score: number; protocol: string }[] {
  const { known_results = [], reference_baselines = [] } = JSON.parse(
    readFileSync(join(folder, 'meta.json'), 'utf8'),
  ) as {
    known_results?: readonly Published[];
    reference_baselines?: readonly Published[];
  };
  return [...known_results, ...reference_baselines].flatMap((entry) => {
    const score = entry[metric];
    return typeof score === 'number' ? [{ model: entry.model, score, protocol: entry.protocol ?? '' }] : [];
  });
}

export interface Summary {
  readonly system: string;
  readonly runs: number;
  readonly mean: number;
  readonly deviation: number;
  readonly bar: Bar | null;
  readonly reached: boolean | null;
}

export function summarise({ lines, bars, better }: Pick<TrainingReport, 'lines' | 'bars' | 'better'>): Summary[] {
  return [...new Set(lines.map((l) => l.system))].map((system) => {
    const scores = lines.flatMap((l) => (l.system === system && l.score !== null ? [l.score] : []));
    const mean = scores.reduce((a, b) => a + b, 0) / scores.length;
    const squares = scores.reduce((a, b) => a + (b - mean) ** 2, 0);
    const bar = bars.find((b) => b.system === system) ?? null;
    const reached = bar && (better === 'higher' ? mean >= bar.value : mean <= bar.value);
    const deviation = scores.length > 1 ? Math.sqrt(squares / (scores.length - 1)) : 0;
    return { system, runs: scores.length, mean, deviation, bar, reached };
  });
}

export interface ReportOptions {
  /** File for the lines. */
  readonly out?: string | undefined;
  /** Whether the result is kept in `bench/results`. */
  readonly keep: boolean;
}

/** Prints the lines and the table, and keeps the result. */
export function reportTraining(report: TrainingReport, { out, keep }: ReportOptions): void {
  const { name, set, metric, better, lines, folder, notes = [] } = report;
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  console.log(text);
  if (out) writeFileSync(out, `${text}\n`);
  const summaries = summarise(report);
  const published = publishedResults(folder, metric);
  const rows = [
    ...summaries.map((s) => ({
      score: s.mean,
      text: `ours: ${s.system}, ${s.runs} seeds, ±${s.deviation.toFixed(4)}${s.bar ? `, bar ${s.bar.value} (${s.bar.from}): ${s.reached ? 'reached' : 'MISSED'}` : ''}`,
    })),
    ...published.map((p) => ({ score: p.score, text: `${p.model} (${p.protocol})` })),
  ].sort((a, b) => (better === 'higher' ? b.score - a.score : a.score - b.score));
  console.log(`${set}: ${metric}, ${better} is better`);
  for (const row of rows) console.log(`${row.score.toFixed(4)}  ${row.text}`);
  for (const note of notes) console.log(note);
  if (keep) keepResult(name, { set, metric, summaries, published, notes, lines });
}
