/** From finished trials to a verified model with all its papers, in one child process. */
import { writeFile } from 'node:fs/promises';
import type { ModelMetadata, RunResult, Verification } from '#core/contracts/result.ts';
import type { MetricName } from '#core/contracts/task.ts';
import type { Report } from '#core/contracts/views.ts';
import { takePredictions } from '#core/ensemble/take-predictions.ts';
import { inUnits } from '#core/tasks/target.ts';
import { readParquetHead } from '../data/parquet.ts';
import { readParquetTable } from '../data/read-parquet-table.ts';
import { cpuClass } from '../runtime/cpu-class.ts';
import type { TaskContext } from '../runtime/trial-protocol.ts';
import { verdictAgainstRandom } from './assemble.ts';
import { buildModel, checkBuilt, StickyStop, sealModel } from './build.ts';
import { writeBundle } from './bundle/write.ts';
import { measureImportance } from './importance.ts';
import { reportMembers } from './member-report.ts';
import { packOutOfFold } from './out-of-fold.ts';
import { loadPrepared } from './prepared.ts';
import { type CandidateInput, loadCandidates } from './provisional.ts';
import type { ReceiptPart } from './receipt.ts';
import { makeReport } from './report.ts';
import { scoreTest } from './test-score.ts';
import type { Verified } from './verify.ts';

export interface FinaliseInput {
  readonly preparedPath: string;
  readonly testPath: string;
  readonly candidates: readonly CandidateInput[];
  readonly target: string;
  readonly metric: MetricName;
  readonly positiveClass: string | null;
  readonly seed: number;
  readonly name: string;
  /** `Date.now()` at which everything should be written. */
  readonly deadline: number;
  readonly threads: number;
  /** The result so far; scores, model and verification are filled in. */
  readonly result: RunResult;
  /** Parts of the receipt that are known before: data, split, seeds and code; and the account of this run. */
  readonly receipt: { readonly model: readonly ReceiptPart[]; readonly run: readonly ReceiptPart[] };
  readonly paths: {
    readonly model: string;
    readonly golden: string;
    readonly report: string;
    readonly receipt: string;
    readonly bundle: string;
    /** Out-of-fold predictions, for what is looked into afterwards. */
    readonly outOfFold: string;
  };
}

export interface FinaliseResult {
  readonly pass: boolean;
  readonly verification: readonly Verification[];
  readonly differences: Verified['differences'];
  readonly sha256: string;
  readonly bytes: number;
  readonly metadata: ModelMetadata;
  readonly result: RunResult;
  readonly notes: readonly string[];
  /** Seconds until the file was exported, and from there on. */
  readonly finalise: number;
  readonly verify: number;
  /** Seconds at which each step was done, for the log. */
  readonly timings: Readonly<Record<string, number>>;
}

/** Of the time that is left before importance is measured, for what each member is worth. */
const memberShare = 0.15;

/** Seconds kept for writing the papers after everything was measured: each names every column. */
const writeSeconds = (columns: number): number => 0.5 + 2e-4 * columns;

export async function finaliseTask(input: FinaliseInput, context: TaskContext): Promise<FinaliseResult> {
  const began = Date.now();
  const left = () => (input.deadline - Date.now()) / 1000;
  const total = Math.max(left(), 1);
  const timings: Record<string, number> = {};
  const mark = (step: string) => {
    timings[step] = (Date.now() - began) / 1000;
  };
  const { metric, seed } = input;
  const prepared = await loadPrepared(input.preparedPath);
  const candidates = await loadCandidates(input.candidates);
  const { rows: testRows } = await readParquetHead(input.testPath);
  // DuckDB reads it in threads of its own, while the model is made here.
  const reading = readParquetTable(input.testPath);
  reading.catch(() => undefined);
  mark('loaded');
  const stop = new StickyStop(() => left() < 0.6 * total);
  const rowMsLimit = (0.35 * total * 1000) / Math.max(1, testRows);
  const plan = { rowMsLimit, stop, conformalSeconds: left, threads: input.threads };
  const built = await buildModel(prepared, candidates, input, plan, context, mark);
  const { assembly, draft, golden } = built;
  const finalise = (Date.now() - began) / 1000;
  context.progress({ verifying: finalise });
  await context.breathe();
  const { session, verification, differences, pass } = await checkBuilt(built, input.threads, mark);
  const members = assembly.members.map(({ candidate, weight }) => ({
    learner: candidate.learner,
    weight,
    design: candidate.summary,
  }));
  const since = () => (Date.now() - began) / 1000 - finalise;
  if (!pass || !session) {
    const result: RunResult = { ...input.result, status: 'failed', verification };
    return {
      pass: false,
      verification,
      differences,
      sha256: '',
      bytes: 0,
      metadata: draft,
      result,
      notes: [],
      finalise,
      verify: since(),
      timings,
    };
  }
  await context.breathe();

  const { decision } = assembly;
  const reserve = 1000 * writeSeconds(prepared.preparation.columns.length);
  const test = await reading;
  const scored = await scoreTest(prepared, session, draft, test, {
    metric,
    decision,
    seed,
    stop: () => Date.now() > input.deadline - 2 * reserve,
  });
  mark('test');
  await context.breathe();
  const enough = Date.now() + memberShare * (input.deadline - Date.now());
  const memberRows = reportMembers(prepared, assembly, metric, seed, () => Date.now() > enough);
  mark('members');
  await context.breathe();
  const task = { ...assembly.validation.task, ...(decision ? { decision } : {}) };
  const { importance, note } = await measureImportance(prepared, session, draft, {
    metric,
    task,
    seed,
    deadline: Math.min(input.deadline - reserve, Date.now() + 10_000),
  });
  mark('importance');
  await session.dispose();

  const random = verdictAgainstRandom(prepared, assembly, candidates, metric, seed);
  const numbers = assembly.members.map(({ candidate }) => candidate.number);
  const sealed = sealModel(built, verification, scored, {
    model: input.receipt.model,
    run: [
      ...input.receipt.run,
      { name: 'machine', content: cpuClass() },
      { name: 'members', content: { trials: numbers, random } },
    ],
  });
  const { receipt, metadata, model } = sealed;
  const result: RunResult = {
    ...input.result,
    status: 'ready',
    model: { path: 'model.onnx', sha256: sealed.sha256, bytes: model.byteLength, members },
    scores: metadata.scores,
    random,
    verification,
    receipt: receipt.hash,
  };
  const { rows, targets } = assembly.validation;
  const validation = {
    score: assembly.score,
    task,
    targets,
    predictions: inUnits(prepared.target, takePredictions(assembly.predictions, rows, task.classes)),
  };
  const report: Report = {
    ...makeReport(metric, draft.classes, validation, scored, importance, note),
    ...sealed.promise,
    members: memberRows,
  };
  const goldenText = golden.map((row) => `${JSON.stringify(row)}\n`).join('');
  const receiptText = `${JSON.stringify(receipt, null, 1)}\n`;
  await Promise.all([
    writeFile(input.paths.model, model),
    writeFile(input.paths.golden, goldenText),
    writeFile(input.paths.report, JSON.stringify(report)),
    writeFile(input.paths.receipt, receiptText),
    writeFile(input.paths.outOfFold, packOutOfFold({ predictions: assembly.predictions, decision })),
    writeBundle({
      path: input.paths.bundle,
      name: input.name,
      model,
      metadata,
      result,
      golden: goldenText,
      receipt: receiptText,
    }),
  ]);
  mark('written');
  const notes = scored?.notes ?? ['The test part holds no row with a known target, so there is no test score.'];
  return {
    pass,
    verification,
    differences,
    sha256: sealed.sha256,
    bytes: model.byteLength,
    metadata,
    result,
    notes,
    finalise,
    verify: since(),
    timings,
  };
}
