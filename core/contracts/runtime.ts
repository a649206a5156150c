/** The one interface to whatever executes ONNX graphs: onnxruntime in Node, in a browser, on a CPU or a GPU. */

/** `float16` data are the bits of the numbers (core/onnx/half.ts). */
export type TensorType = 'float16' | 'float32' | 'float64' | 'int32' | 'int64' | 'uint8' | 'bool' | 'string';

export type TensorData =
  | Float32Array
  | Float64Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | readonly string[];

/** Where graphs run: onnxruntime's native CPU kernels, its WebAssembly build, or a GPU. */
export type Provider = 'cpu' | 'wasm' | 'webgpu' | 'cuda';

/** A dense tensor, row-major. `bool` data is a Uint8Array of 0 and 1. */
export interface Tensor {
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Runs the graph once. Rejects with the runtime's message when shapes or types do not fit, or after `dispose`. */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  /** Gives back all memory of the session, weights and scratch space included. Calling it again does nothing. */
  dispose(): Promise<void>;
}

export interface SessionOptions {
  /** Intra-op threads; 1 unless a single graph owns the machine. */
  readonly threads?: number;
}

export interface Runtime {
  /** Name as it appears in receipts, e.g. `onnxruntime-node 1.30.0 cpu`. */
  readonly name: string;
  /** Nodes for which a GPU has no kernel run on the CPU beside it; a runtime never runs whole graphs elsewhere than it says. */
  readonly provider: Provider;
  /** Intra-op threads of all its sessions, where they are set once for all (browsers); else each session says. */
  readonly threads?: number;
  /** A session holds its memory until it is disposed of. Rejects when the provider cannot be had here. */
  createSession(model: Uint8Array, options?: SessionOptions): Promise<Session>;
}
