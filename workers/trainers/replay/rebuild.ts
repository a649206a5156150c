/** Builds the model of a receipt again from retrained bags, in a child process. */
import { writeFile } from 'node:fs/promises';
import type { BuildRecord } from '#core/contracts/receipt.ts';
import { readParquetTable } from '../../data/read-parquet-table.ts';
import type { TaskContext } from '../../runtime/trial-protocol.ts';
import { type BuildFacts, buildModel, checkBuilt, StickyStop, sealModel } from '../build.ts';
import { loadPrepared } from '../prepared.ts';
import { type CandidateInput, loadCandidates } from '../provisional.ts';
import type { ReceiptPart } from '../receipt.ts';
import { scoreTest } from '../test-score.ts';

export interface RebuildInput {
  readonly preparedPath: string;
  readonly testPath: string;
  /** All that members were chosen among, or the members alone, in the recorded order. */
  readonly candidates: readonly CandidateInput[];
  /** Of the candidates, where they are the members alone. */
  readonly weights: readonly number[] | null;
  readonly facts: BuildFacts;
  readonly record: BuildRecord;
  /** Test rows that time allowed to score; null where none has a target. */
  readonly testRows: number | null;
  /** The parts of the receipt about code, data and task. */
  readonly parts: readonly ReceiptPart[];
  readonly modelPath: string;
}

export interface RebuildResult {
  readonly sha256: string;
  readonly bytes: number;
  /** The receipt's parts that are made with the model. */
  readonly parts: readonly ReceiptPart[];
}

export async function rebuildTask(input: RebuildInput, context: TaskContext): Promise<RebuildResult> {
  const { facts, record, testRows } = input;
  const prepared = await loadPrepared(input.preparedPath);
  const candidates = await loadCandidates(input.candidates);
  const { rowMsLimit, stoppedAt, conformalSeconds, threads } = record;
  const plan = {
    rowMsLimit,
    stop: new StickyStop((look) => stoppedAt !== null && look >= stoppedAt),
    conformalSeconds: () => conformalSeconds,
    threads,
    ...(input.weights ? { weights: input.weights } : {}),
  };
  const built = await buildModel(prepared, candidates, facts, plan, context);
  const { session, verification } = await checkBuilt(built, threads);
  const scored =
    session &&
    (await scoreTest(prepared, session, built.draft, await readParquetTable(input.testPath), {
      metric: facts.metric,
      decision: built.assembly.decision,
      seed: facts.seed,
      stop: (rows) => testRows !== null && rows >= testRows,
    }));
  await session?.dispose();
  const { model, sha256, receipt } = sealModel(built, verification, scored, { model: input.parts, run: [] });
  await writeFile(input.modelPath, model);
  return { sha256, bytes: model.byteLength, parts: receipt.parts };
}
