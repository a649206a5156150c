/** A model of a few designs made by the product's own trainers in this process: no search, no database. */
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RunResult } from '#core/contracts/result.ts';
import { metricInfo } from '#core/contracts/task.ts';
import type { Report } from '#core/contracts/views.ts';
import type { Design } from '#core/spaces/space.ts';
import { ingestFile } from '#workers/data/ingest-file.ts';
import type { TaskContext } from '#workers/runtime/trial-protocol.ts';
import { type FinaliseInput, type FinaliseResult, finaliseTask } from '#workers/trainers/finalise.ts';
import { type PrepareInput, prepareTask } from '#workers/trainers/prepare.ts';
import type { CandidateInput } from '#workers/trainers/provisional.ts';
import { trainTask } from '#workers/trainers/train.ts';
import type { BenchSet } from './sets.ts';

/** One of each kind that matters on most tables, small enough for a minute a table. */
export const quickDesigns: readonly Design[] = [
  { learner: 'linear', basis: 'spline', knots: 8 },
  { learner: 'boosting', rounds: 400, learningRate: 0.08, leaves: 16 },
  { learner: 'boosting', growth: 'oblivious', rounds: 400, learningRate: 0.1, depth: 5, l2: 3 },
];

const context: TaskContext = { cancelled: () => false, breathe: async () => undefined, progress: () => undefined };
const limits = { rows: 1e7, columns: 1e5, bytes: 1e11 };

export interface QuickModel {
  readonly made: FinaliseResult;
  readonly report: Report;
  readonly candidates: readonly CandidateInput[];
  readonly preparedPath: string;
  readonly outOfFoldPath: string;
  readonly reportPath: string;
  /** How its training rows were drawn. */
  readonly seal: PrepareInput;
}

/**
 * Reads `train.csv` and `test.csv` of a set, trains the designs out of fold and finalises them; the test is sealed.
 * @param trialSeconds that each design may take
 * @throws Error where a runtime disagrees with the trainer
 */
export async function makeQuickModel(
  set: BenchSet,
  folder: string,
  { seed, trialSeconds, designs = quickDesigns }: { seed: number; trialSeconds: number; designs?: readonly Design[] },
): Promise<QuickModel> {
  mkdirSync(folder, { recursive: true });
  const at = (name: string) => join(folder, name);
  const read = (path: string, parquetPath: string) =>
    ingestFile({ path, fileName: basename(path), limits, parquetPath });
  const profile = await read(set.train, at('table.parquet'));
  await read(set.test, at('test-table.parquet'));
  const metric = set.metric;
  const paths = { trainPath: at('train.parquet'), testPath: at('test.parquet'), preparedPath: at('prepared.bin') };
  const seal: PrepareInput = {
    ...paths,
    tablePath: at('table.parquet'),
    testTablePath: at('test-table.parquet'),
    splitPath: at('split.json'),
    target: set.target,
    kind: set.task,
    split: { kind: 'random' },
    testFraction: 0.2,
    seed,
    columns: profile.columns,
    positiveClass: null,
    metric,
    budgetSeconds: 60,
  };
  await prepareTask(seal, context);
  const { preparedPath, testPath } = paths;
  const candidates: CandidateInput[] = [];
  for (const [i, design] of designs.entries()) {
    const artifactPath = at(`${i}.bin`);
    const learner = String(design.learner);
    const deadline = Date.now() + 1000 * trialSeconds;
    const training = { trainer: 'onnx', provider: 'cpu', tfjsBackend: 'auto' } as const;
    const input = {
      searchId: '',
      preparedPath,
      learner,
      design,
      seed: seed + i,
      metric,
      deadline,
      artifactPath,
      training,
    };
    const { score, oneRowMs } = await trainTask(input, context);
    const rest = { trialId: String(i), number: i + 1, origin: 'portfolio', summary: learner };
    candidates.push({ ...rest, learner, design, score, rowMs: oneRowMs, artifactPath });
  }
  const result: RunResult = {
    schema: 'warmstart.run/1',
    status: 'failed',
    searchId: '',
    task: set.task,
    target: set.target,
    metric: { name: metric, direction: metricInfo[metric].direction },
    model: null,
    scores: { validation: null, test: null },
    random: null,
    trials: { done: candidates.length, failed: 0, reused: 0 },
    seconds: { total: 0, firstUsable: null, search: 0, finalise: 0, verify: 0 },
    verification: [],
    seed,
    receipt: null,
  };
  const outOfFoldPath = at('out-of-fold.bin');
  const reportPath = at('report.json');
  const finalise: FinaliseInput = {
    preparedPath,
    testPath,
    candidates,
    target: set.target,
    metric,
    positiveClass: null,
    seed,
    name: set.name,
    deadline: Date.now() + 60_000,
    threads: 1,
    result,
    receipt: { model: [], run: [] },
    paths: {
      model: at('model.onnx'),
      golden: at('golden.jsonl'),
      report: reportPath,
      receipt: at('receipt.json'),
      bundle: at('model.zip'),
      outOfFold: outOfFoldPath,
    },
  };
  const made = await finaliseTask(finalise, context);
  if (!made.pass) throw new Error(`the runtimes disagree: ${JSON.stringify(made.differences[0])}`);
  const report = JSON.parse(await readFile(reportPath, 'utf8')) as Report;
  return { made, report, candidates, preparedPath, outOfFoldPath, reportPath, seal };
}
