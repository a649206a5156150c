/** Golden rows: raw inputs that try a model where it may break, with what the trainer itself predicts for them. */
import type { GoldenRow } from '#core/contracts/result.ts';
import type { Runtime } from '#core/contracts/runtime.ts';
import { blend } from '#core/ensemble/blend.ts';
import { applyCalibration } from '#core/ensemble/calibrate.ts';
import { predictBag } from '#core/learners/bag.ts';
import { learnerNamed } from '#core/learners/registry.ts';
import { Random } from '#core/math/random.ts';
import { decideLabels } from '#core/metrics/labels.ts';
import { type Preparation, prepare, tensorOf } from '#core/prep/preparation.ts';
import { numberColumn, rowOf, stringColumn, type Table, takeRows } from '#core/prep/table.ts';
import type { Prepared } from '#core/tasks/prepared-task.ts';
import { inUnits } from '#core/tasks/target.ts';
import { type Assembly, classesOf } from './assemble.ts';
import { boundsOfRows } from './conformal.ts';

type Raw = Record<string, string | number | null>;
type Reason = GoldenRow['reason'];

const usual = { sampled: 40, boundary: 12, missing: 12, unseen: 8, extreme: 12 };
/** Of a wide table fewer rows say as much, and each costs what its columns cost: in both runtimes, the page and the download. */
const mostCells = 200_000;

function countsFor(columns: number): typeof usual {
  const all = Object.values(usual).reduce((sum, n) => sum + n, 0);
  const share = Math.min(1, mostCells / (all * columns));
  const least = 3;
  const of = (reason: Reason) => Math.max(least, Math.round(share * usual[reason]));
  return {
    sampled: of('sampled'),
    boundary: of('boundary'),
    missing: of('missing'),
    unseen: of('unseen'),
    extreme: of('extreme'),
  };
}

/** Sampled rows near the decision boundary by out-of-fold predictions; for regression those with extreme predictions. */
function boundaryRows(prepared: Prepared, assembly: Assembly, classes: number, count: number): Int32Array {
  const { predictions } = assembly;
  const margin = (row: number) => {
    if (classes === 1) return -Math.abs(predictions[row] as number);
    const shares = [...predictions.subarray(row * classes, (row + 1) * classes)].sort((a, b) => b - a);
    return (shares[0] as number) - (shares[1] as number);
  };
  const ranked = Array.from(prepared.sampleRows, (row, i) => ({ i, margin: margin(row) }))
    .filter((entry) => Number.isFinite(entry.margin))
    .sort((a, b) => a.margin - b.margin);
  return Int32Array.from(ranked.slice(0, count), ({ i }) => i);
}

const unseenTexts = ['', ' ', 'unseen value', 'Žluťoučký 🐎', '0', 'NaN', '\t', 'x'.repeat(300)];

/** Changes a row so that it tries something that training rows may not hold. */
function disturb(row: Raw, reason: Reason, preparation: Preparation, random: Random, i: number): Raw {
  const out: Raw = { ...row };
  for (const plan of preparation.columns) {
    const text = tensorOf(plan) === 'string';
    if (reason === 'missing' && (i === 0 || random.uniform() < 0.4)) out[plan.name] = null;
    if (reason === 'unseen' && text && (i === 0 || random.uniform() < 0.6))
      out[plan.name] = unseenTexts[random.integer(unseenTexts.length)] as string;
    if (reason === 'extreme' && !text && (i < 2 || random.uniform() < 0.5)) {
      const range = plan.kind === 'number' ? Math.max(Math.abs(plan.min), Math.abs(plan.max), 1) : 1;
      const sign = i === 0 ? 1 : i === 1 ? -1 : random.uniform() < 0.5 ? 1 : -1;
      const value = sign * range * 10 ** random.integer(7);
      // A double input keeps every digit; a float32 input is golden as the float32 it becomes.
      out[plan.name] = tensorOf(plan) === 'float64' ? Math.round(value) : Math.fround(value);
    }
  }
  return out;
}

function tableOf(preparation: Preparation, rows: readonly Raw[]): Table {
  const columns = preparation.columns.map((plan) => {
    const values = rows.map((row) => row[plan.name] ?? null);
    return tensorOf(plan) === 'string'
      ? stringColumn(
          plan.name,
          values.map((value) => (value === null ? null : String(value))),
        )
      : numberColumn(
          plan.name,
          values.map((value) => (typeof value === 'number' ? value : null)),
        );
  });
  return { rows: rows.length, columns };
}

/** The trainer's own predictions for any raw rows, in TypeScript: what every runtime is measured against. */
export async function predictAssembly(
  prepared: Prepared,
  assembly: Assembly,
  table: Table,
  runtime: Runtime,
): Promise<Float32Array> {
  const features = prepare(prepared.preparation, table);
  const each: Float32Array[] = [];
  for (const { candidate } of assembly.members)
    each.push(await predictBag(learnerNamed(candidate.bag.learner), candidate.bag, features, prepared.target, runtime));
  const weights = assembly.members.map(({ weight }) => weight);
  return applyCalibration(blend(each, weights), classesOf(prepared), assembly.calibration);
}

/**
 * @param runtime for learners that can only predict through a graph
 */
export async function goldenRows(
  prepared: Prepared,
  assembly: Assembly,
  runtime: Runtime,
  seed: number,
): Promise<GoldenRow[]> {
  const { preparation, target, sample: train } = prepared;
  const random = new Random(seed);
  const classes = classesOf(prepared);
  const counts = countsFor(preparation.columns.length);
  const pick = (n: number) => Int32Array.from({ length: Math.min(n, train.rows) }, () => random.integer(train.rows));
  const plain = (rows: Int32Array): Raw[] => {
    const taken = takeRows(train, rows);
    return Array.from({ length: taken.rows }, (_, i) => rowOf(taken, i));
  };
  const chosen: { raw: Raw; reason: Reason }[] = [];
  for (const raw of plain(pick(counts.sampled))) chosen.push({ raw, reason: 'sampled' });
  for (const raw of plain(boundaryRows(prepared, assembly, classes, counts.boundary)))
    chosen.push({ raw, reason: 'boundary' });
  for (const reason of ['missing', 'unseen', 'extreme'] as const)
    plain(pick(counts[reason])).forEach((raw, i) => {
      chosen.push({ raw: disturb(raw, reason, preparation, random, i), reason });
    });
  const table = tableOf(
    preparation,
    chosen.map(({ raw }) => raw),
  );
  const predictions = await predictAssembly(prepared, assembly, table, runtime);
  const labels =
    target.problem === 'regression' ? null : decideLabels(predictions, classes, assembly.decision ?? undefined);
  const values = target.problem === 'regression' ? inUnits(target, predictions) : null;
  const interval = assembly.conformal?.interval ?? null;
  const bounds = await boundsOfRows(preparation, target, interval, table, predictions, runtime);
  return chosen.map(({ raw, reason }, i) => {
    const inputs = Object.fromEntries(
      preparation.columns.map((plan) => {
        const value = raw[plan.name] ?? null;
        if (tensorOf(plan) === 'string') return [plan.input, value === null ? null : String(value)];
        return [plan.input, typeof value === 'number' && Number.isFinite(value) ? value : null];
      }),
    );
    if (values) {
      const held = bounds ? { lower: bounds.lower[i] as number, upper: bounds.upper[i] as number } : {};
      return { inputs, reason, value: values[i] as number, ...held };
    }
    return {
      inputs,
      reason,
      label:
        target.problem === 'regression' ? null : (target.classes[(labels as ArrayLike<number>)[i] as number] as string),
      probabilities: Array.from(predictions.subarray(i * classes, (i + 1) * classes)),
    };
  });
}
