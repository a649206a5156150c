/**
 * From candidates to the bytes of a model: export, verification, receipt and metadata. What the clock decides comes in as
 * a `BuildPlan`, so that a replay takes the same steps as the run that it repeats.
 */
import { createHash } from 'node:crypto';
import type { BuildRecord } from '#core/contracts/receipt.ts';
import type { GoldenRow, ModelMetadata, Verification } from '#core/contracts/result.ts';
import type { Session } from '#core/contracts/runtime.ts';
import type { MetricName } from '#core/contracts/task.ts';
import type { Report } from '#core/contracts/views.ts';
import { withMetadata } from '#core/onnx/metadata.ts';
import type { Prepared } from '#core/tasks/prepared-task.ts';
import { nodeRuntime } from '../runtime/onnxruntime-node.ts';
import type { TaskContext } from '../runtime/trial-protocol.ts';
import { type Assembly, assemble, type Candidate, describeModel, exportAssembly } from './assemble.ts';
import { type Conformal, describeConformal, fitConformal, testConformal } from './conformal.ts';
import { goldenRows } from './golden.ts';
import { chainParts, type Receipt, type ReceiptPart } from './receipt.ts';
import type { Scored } from './test-score.ts';
import { type Verified, verifyModel, verifySession } from './verify.ts';

export interface BuildFacts {
  readonly target: string;
  readonly metric: MetricName;
  readonly positiveClass: string | null;
  readonly seed: number;
}

/** What hangs on the clock, or was recorded when it did. */
export interface BuildPlan {
  readonly rowMsLimit: number;
  readonly stop: StickyStop;
  /** Asked once the members are chosen. */
  readonly conformalSeconds: () => number;
  /** Of the session that scores the test part. */
  readonly threads: number;
  /** Of the candidates, where they were chosen before. */
  readonly weights?: readonly number[];
}

/** A condition that stays true once it is, and which look, from 1, found it so. */
export class StickyStop {
  stoppedAt: number | null = null;
  private looks = 0;
  private readonly condition: (look: number) => boolean;

  constructor(condition: (look: number) => boolean) {
    this.condition = condition;
  }

  readonly check = (): boolean => {
    this.looks++;
    if (this.stoppedAt === null && this.condition(this.looks)) this.stoppedAt = this.looks;
    return this.stoppedAt !== null;
  };
}

export interface Built {
  readonly assembly: Assembly & { readonly conformal: Conformal };
  /** Without test score and receipt, as it stands in `exported`. */
  readonly draft: ModelMetadata;
  readonly exported: Uint8Array;
  readonly golden: readonly GoldenRow[];
  readonly record: BuildRecord;
}

/** @param mark told after each step */
export async function buildModel(
  prepared: Prepared,
  candidates: readonly Candidate[],
  facts: BuildFacts,
  plan: BuildPlan,
  context: TaskContext,
  mark: (step: string) => void = () => undefined,
): Promise<Built> {
  const { metric, seed } = facts;
  const { rowMsLimit, stop, threads, weights } = plan;
  const options = { metric, seed, rowMsLimit, stop: stop.check, ...(weights ? { weights } : {}) };
  const assembled = assemble(prepared, candidates, options);
  mark('assembled');
  await context.breathe();
  const conformalSeconds = plan.conformalSeconds();
  const conformal = await fitConformal(prepared, assembled.validation, assembled.predictions, conformalSeconds, {
    ...context,
    runtime: nodeRuntime,
    seed,
  });
  const assembly = { ...assembled, conformal };
  mark('conformal');
  const draft = describeModel(prepared, facts, assembly);
  const exported = exportAssembly(prepared, assembly, draft);
  mark('exported');
  const golden = await goldenRows(prepared, assembly, nodeRuntime, seed);
  mark('golden');
  const record: BuildRecord = {
    candidates: candidates.map(({ number, rowMs }) => ({ trial: number, rowMs })),
    rowMsLimit,
    stoppedAt: stop.stoppedAt,
    conformalSeconds,
    threads,
  };
  return { assembly, draft, exported, golden, record };
}

export interface Checked {
  /** Open where the file loads; whoever asked disposes of it. */
  readonly session: Session | null;
  readonly verification: Verification[];
  readonly differences: Verified['differences'];
  readonly pass: boolean;
}

/** Runs the golden rows through both builds of onnxruntime. */
export async function checkBuilt(
  { exported, draft, golden }: Built,
  threads: number,
  mark: (step: string) => void = () => undefined,
): Promise<Checked> {
  const session = await nodeRuntime.createSession(exported, { threads }).catch(() => null);
  const verified = [
    session
      ? await verifySession(nodeRuntime.name, session, draft, golden)
      : await verifyModel(nodeRuntime, exported, draft, golden),
  ];
  mark('node');
  const { webRuntime } = await import('../runtime/onnxruntime-web.ts');
  verified.push(await verifyModel(webRuntime, exported, draft, golden));
  mark('web');
  const verification = verified.map(({ differences: _, ...rest }) => rest);
  const differences = verified.flatMap((v) => v.differences);
  return { session, verification, differences, pass: verification.every((v) => v.pass) };
}

export interface Sealed {
  readonly receipt: Receipt;
  readonly metadata: ModelMetadata;
  readonly model: Uint8Array;
  readonly sha256: string;
  /** How the promise of intervals or sets was kept on the sealed test, for the report. */
  readonly promise: Pick<Report, 'intervals' | 'sets'>;
}

/** The file with its scores and the hash of its receipt, which fixes everything that a repeated run repeats. */
export function sealModel(
  { assembly, draft, exported, record }: Built,
  verification: readonly Verification[],
  scored: Scored | null,
  parts: { readonly model: readonly ReceiptPart[]; readonly run: readonly ReceiptPart[] },
): Sealed {
  const { conformal, decision, calibration } = assembly;
  const scores = { validation: assembly.score, test: scored?.score ?? null };
  const members = assembly.members.map(({ candidate: { design, bag }, weight }) => ({
    design,
    weight,
    steps: bag.steps,
  }));
  const made: ReceiptPart[] = [
    { name: 'ensemble', content: { members, calibration, decision, conformal: describeConformal(conformal) } },
    { name: 'graph', content: { sha256: sha256(exported), bytes: exported.byteLength } },
    { name: 'verification', content: verification },
    { name: 'scores', content: scores },
  ];
  const model = [...parts.model, ...made];
  const { hash } = chainParts(model, []);
  const { coverage, ...promise } = testConformal(conformal, scored);
  const kept = draft.conformal ? { ...draft.conformal, coverage } : null;
  const metadata: ModelMetadata = { ...draft, scores, conformal: kept, receipt: hash };
  const bytes = withMetadata(exported, 'warmstart', JSON.stringify(metadata));
  const file = { sha256: sha256(bytes), bytes: bytes.byteLength };
  const run = [...parts.run, { name: 'build', content: record }, { name: 'model', content: file }];
  return { receipt: chainParts(model, run), metadata, model: bytes, sha256: file.sha256, promise };
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
