/** What the native and the WebAssembly builds share: both implement onnxruntime-common's interface. */
import type { InferenceSession, Tensor as OrtTensor, TypedTensor } from 'onnxruntime-common';
import type { Provider, Runtime, Session, Tensor, TensorData, TensorType } from '#core/contracts/runtime.ts';

/** The part of an onnxruntime package that is used here. */
export interface OrtPackage {
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: new (type: TensorType, data: never, dims: readonly number[]) => TypedTensor<OrtTensor.Type>;
}

const types: ReadonlySet<string> = new Set<TensorType>([
  'float32',
  'float64',
  'int32',
  'int64',
  'uint8',
  'bool',
  'string',
]);

/** A Runtime on `ort`; `options` turns the number of threads into session options. */
export function runtimeOf(
  ort: OrtPackage,
  name: string,
  provider: Provider,
  options: (threads: number) => InferenceSession.SessionOptions,
): Runtime {
  return {
    name: `${name} ${provider}`,
    provider,
    async createSession(model, { threads = 1 } = {}) {
      return sessionOf(ort, await ort.InferenceSession.create(model, options(threads)));
    },
  };
}

/** `session` as the contract has it. */
export function sessionOf(ort: OrtPackage, session: InferenceSession): Session {
  let open = true;
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(feeds) {
      if (!open) throw new Error('This session was disposed of.');
      const inputs: Record<string, OrtTensor> = {};
      for (const [name, tensor] of Object.entries(feeds)) {
        inputs[name] = new ort.Tensor(tensor.type, tensor.data as never, tensor.dims);
      }
      const outputs = await session.run(inputs);
      return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, fromOrt(name, tensor)]));
    },
    async dispose() {
      if (!open) return;
      open = false;
      await session.release();
    },
  };
}

function fromOrt(name: string, tensor: OrtTensor): Tensor {
  if (!types.has(tensor.type)) throw new TypeError(`Output ${name} has type ${tensor.type}, which is not supported.`);
  return { type: tensor.type as TensorType, dims: tensor.dims, data: tensor.data as TensorData };
}
