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
  'float16',
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
        inputs[name] = toOrt(ort, tensor);
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

function toOrt(ort: OrtPackage, { type, data, dims }: Tensor): OrtTensor {
  const tensor = new ort.Tensor(type, data as never, dims);
  // The package wraps the bits in a Float16Array where there are such; the native binding reads none of those.
  if (type === 'float16') Reflect.set(tensor, 'cpuData', data);
  return tensor;
}

function fromOrt(name: string, tensor: OrtTensor): Tensor {
  if (!types.has(tensor.type)) throw new TypeError(`Output ${name} has type ${tensor.type}, which is not supported.`);
  const { data } = tensor;
  const bits = tensor.type === 'float16' && ArrayBuffer.isView(data) && !(data instanceof Uint16Array);
  const numbers = bits ? new Uint16Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength / 2) : data;
  return { type: tensor.type as TensorType, dims: tensor.dims, data: numbers as TensorData };
}
