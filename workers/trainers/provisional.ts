/** The first usable model: the best trial so far as an exported file that onnxruntime-node agrees with. */
import { writeFile } from 'node:fs/promises';
import type { MetricName } from '#core/contracts/task.ts';
import { nodeRuntime } from '../runtime/onnxruntime-node.ts';
import { readBag } from './artifact.ts';
import { assemble, type Candidate, describeModel, exportAssembly } from './assemble.ts';
import { fitConformal } from './conformal.ts';
import { goldenRows } from './golden.ts';
import { loadPrepared } from './prepared.ts';
import { verifyModel } from './verify.ts';

/** A candidate as it is sent to a child: the bag lies in a file. */
export type CandidateInput = Omit<Candidate, 'bag'> & { readonly artifactPath: string };

export interface ExportInput {
  readonly preparedPath: string;
  readonly candidates: readonly CandidateInput[];
  readonly target: string;
  readonly metric: MetricName;
  readonly positiveClass: string | null;
  readonly seed: number;
  readonly modelPath: string;
}

export interface ExportResult {
  readonly bytes: number;
  readonly pass: boolean;
  readonly seconds: number;
}

export async function loadCandidates(inputs: readonly CandidateInput[]): Promise<Candidate[]> {
  return Promise.all(
    inputs.map(async ({ artifactPath, ...candidate }) => ({ ...candidate, bag: await readBag(artifactPath) })),
  );
}

export async function exportTask(input: ExportInput): Promise<ExportResult> {
  const began = performance.now();
  const prepared = await loadPrepared(input.preparedPath);
  const candidates = await loadCandidates(input.candidates);
  const { metric, seed } = input;
  const assembled = assemble(prepared, candidates, { metric, seed, rowMsLimit: Number.POSITIVE_INFINITY });
  const { validation, predictions } = assembled;
  const context = { runtime: nodeRuntime, seed, cancelled: () => false, breathe: async () => undefined };
  const conformal = await fitConformal(prepared, validation, predictions, 0, context);
  const assembly = { ...assembled, conformal };
  const metadata = describeModel(prepared, input, assembly);
  const model = exportAssembly(prepared, assembly, metadata);
  const rows = await goldenRows(prepared, assembly, nodeRuntime, seed);
  const { pass } = await verifyModel(nodeRuntime, model, metadata, rows);
  if (pass) await writeFile(input.modelPath, model);
  return { bytes: model.byteLength, pass, seconds: (performance.now() - began) / 1000 };
}
