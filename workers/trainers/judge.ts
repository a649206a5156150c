/** Judges a model that a tab trained: predicts with it, scores it, exports it, and only then stores it as a trial's own. */
import { readFile } from 'node:fs/promises';
import type { MetricName } from '#core/contracts/task.ts';
import { type Bag, exportedBytes } from '#core/learners/bag.ts';
import { RefusedBagError, readReceivedBag, repredict } from '#core/learners/received-bag.ts';
import { learnerNamed } from '#core/learners/registry.ts';
import type { Design } from '#core/spaces/space.ts';
import type { Prepared } from '#core/tasks/prepared-task.ts';
import { nodeRuntime } from '../runtime/onnxruntime-node.ts';
import type { TaskContext } from '../runtime/trial-protocol.ts';
import { writeBag } from './artifact.ts';
import { assemble, describeModel, exportAssembly } from './assemble.ts';
import { goldenRows } from './golden.ts';
import { loadPrepared } from './prepared.ts';
import { scoreOf, tunedEvaluatorOf, validationOf } from './score.ts';
import { measureRow, type TrainResult } from './train.ts';
import { verifyModel } from './verify.ts';

export interface JudgeInput {
  readonly preparedPath: string;
  /** What the tab sent. */
  readonly receivedPath: string;
  readonly learner: string;
  readonly design: Design;
  readonly seed: number;
  readonly metric: MetricName;
  readonly artifactPath: string;
}

/** @throws RefusedBagError */
export async function judgeTask(input: JudgeInput, context: TaskContext): Promise<TrainResult> {
  const prepared = await loadPrepared(input.preparedPath);
  const learner = learnerNamed(input.learner);
  const { features, target, targetValues: values, folds } = prepared;
  const task = { features, target, values, folds };
  const received = readReceivedBag(await readFile(input.receivedPath), learner, input.design, task);
  const bag = await repredict(received, learner, input.design, task, {
    metric: input.metric,
    runtime: nodeRuntime,
    breathe: context.breathe,
  });
  const validation = validationOf(prepared);
  const evaluate = tunedEvaluatorOf(prepared, validation, input.metric, bag.predictions);
  const scored = scoreOf(evaluate, validation.rows.length, input.seed);
  if (!Number.isFinite(scored.score))
    throw new RefusedBagError(`The ${input.metric} of its predictions is not a number.`);
  await requireExport(prepared, bag, input);
  await writeBag(input.artifactPath, bag);
  return { ...scored, oneRowMs: await measureRow(learner, bag, prepared), steps: bag.steps, notes: bag.notes };
}

/** A model that does not export, or predicts otherwise in the file, would spoil the ensemble it joins. */
async function requireExport(
  prepared: Prepared,
  bag: Bag,
  { learner, design, metric, seed }: JudgeInput,
): Promise<void> {
  if (exportedBytes(bag) > mostExportedBytes) throw new RefusedBagError('It is too large to export.');
  const candidate = { trialId: '', number: 0, origin: '', learner, summary: '', design, score: 0, rowMs: 0, bag };
  const facts = { target: 'target', metric, positiveClass: null };
  let pass = false;
  try {
    const assembly = assemble(prepared, [candidate], { metric, seed, rowMsLimit: Number.POSITIVE_INFINITY });
    const metadata = describeModel(prepared, facts, assembly);
    const model = exportAssembly(prepared, assembly, metadata);
    const rows = await goldenRows(prepared, assembly, nodeRuntime, seed);
    ({ pass } = await verifyModel(nodeRuntime, model, metadata, rows));
  } catch {
    throw new RefusedBagError('It does not export to an ONNX file.');
  }
  if (!pass) throw new RefusedBagError('Its ONNX file does not predict what its weights do.');
}

const mostExportedBytes = 128 * 1024 * 1024;
