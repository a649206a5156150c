/** The corpus in this folder, for tests. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Tensor } from '#core/contracts/runtime.ts';
import type { Model } from '#core/onnx/model.ts';
import { readModel } from '#core/onnx/read.ts';

const FOLDER = new URL('.', import.meta.url);

/** A tensor as the corpus stores it: base64 of little-endian float32, or whole numbers. */
interface StoredTensor {
  readonly dims: readonly number[];
  readonly floats?: string;
  readonly ints?: readonly number[];
}

interface StoredExpectation {
  readonly output: StoredTensor;
  readonly inputGradients: Readonly<Record<string, string>>;
  readonly gradients: Readonly<Record<string, string>>;
}

interface StoredCase {
  readonly openRows?: boolean;
  readonly inputs: Readonly<Record<string, StoredTensor>>;
  readonly seed: StoredTensor;
  readonly eval: StoredExpectation;
  readonly train?: StoredExpectation;
}

/** What another tool computes from a case's inputs; gradients are of sum(output · seed), in the layout of the file. */
export interface Expectation {
  readonly output: Float32Array;
  readonly inputGradients: ReadonlyMap<string, Float32Array>;
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

export interface GoldenCase {
  /** Whether the file fixes the rows to others than the inputs have. */
  readonly openRows: boolean;
  readonly bytes: Uint8Array;
  readonly model: Model;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly seed: Tensor;
  readonly eval: Expectation;
  /** With the statistics of the batch, where the network normalises by it. */
  readonly train: Expectation | null;
}

export const caseNames = readdirSync(FOLDER)
  .flatMap((file) => (file.endsWith('.onnx') ? [file.slice(0, -5)] : []))
  .sort();

const floats = (text: string): Float32Array => new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);

function toTensor({ dims, floats: text, ints }: StoredTensor): Tensor {
  if (ints) return { type: 'int64', dims, data: BigInt64Array.from(ints, BigInt) };
  return { type: 'float32', dims, data: floats(text ?? '') };
}

function toExpectation({ output, inputGradients, gradients }: StoredExpectation): Expectation {
  const all = (record: Readonly<Record<string, string>>) =>
    new Map(Object.entries(record).map(([name, text]) => [name, floats(text)]));
  return {
    output: toTensor(output).data as Float32Array,
    inputGradients: all(inputGradients),
    gradients: all(gradients),
  };
}

export function readCase(name: string): GoldenCase {
  const bytes = readFileSync(new URL(`${name}.onnx`, FOLDER));
  const stored = JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as StoredCase;
  return {
    openRows: stored.openRows ?? false,
    bytes,
    model: readModel(bytes),
    inputs: Object.fromEntries(Object.entries(stored.inputs).map(([k, t]) => [k, toTensor(t)])),
    seed: toTensor(stored.seed),
    eval: toExpectation(stored.eval),
    train: stored.train ? toExpectation(stored.train) : null,
  };
}
