/** onnxruntime-web inside a Web Worker, loaded from our own origin and shaped as the Runtime of core/contracts. */
import type { InferenceSession, Tensor as OrtTensor, TypedTensor } from 'onnxruntime-web';
import type { Runtime, Session, Tensor, TensorData, TensorType } from '#core/contracts/runtime.ts';
import { ortVersion } from './ort-version.ts';

/** `wasm` runs everywhere; `webgpu` only where the browser offers an adapter. */
export type Backend = 'wasm' | 'webgpu';

/** The part of the package that is used here. */
interface OrtModule {
  readonly env: { logLevel?: string; wasm: { numThreads?: number; wasmPaths?: string } };
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: new (type: TensorType, data: never, dims: readonly number[]) => TypedTensor<OrtTensor.Type>;
}

export interface BrowserRuntime extends Runtime {
  readonly threads: number;
}

/** Threads the runtime may use: more than one needs a cross-origin isolated page; beyond four nothing is gained. */
export function usableThreads(): number {
  if (!globalThis.crossOriginIsolated) return 1;
  return Math.max(1, Math.min(4, navigator.hardwareConcurrency || 1));
}

/** Whether this browser gives WebGPU to workers. */
export async function offersWebGpu(): Promise<boolean> {
  const gpu: unknown = 'gpu' in navigator ? navigator.gpu : undefined;
  if (!gpu || typeof gpu !== 'object' || !('requestAdapter' in gpu)) return false;
  const request = gpu.requestAdapter;
  return typeof request === 'function' && (await request.call(gpu).catch(() => null)) !== null;
}

/**
 * Loads the runtime of `backend`. The number of threads is fixed with the first session of a worker.
 * @throws when the files under /ort are missing or the browser cannot run WebAssembly
 */
export async function loadRuntime(backend: Backend, threads = usableThreads()): Promise<BrowserRuntime> {
  const folder = new URL(`/ort/${ortVersion}/`, self.location.origin).href;
  const entry = backend === 'webgpu' ? 'ort.webgpu.min.mjs' : 'ort.wasm.min.mjs';
  const ort: OrtModule = await import(/* turbopackIgnore: true */ /* webpackIgnore: true */ folder + entry);
  ort.env.logLevel = 'error';
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = folder;
  return {
    name: `onnxruntime-web ${ortVersion} ${backend}`,
    provider: backend,
    threads,
    async createSession(model) {
      const session = await ort.InferenceSession.create(model, {
        // Named alone: with a second name a browser whose GPU fails would answer from WebAssembly unnoticed.
        executionProviders: [backend],
        graphOptimizationLevel: 'all',
        logSeverityLevel: 3,
      });
      return wrapSession(ort, session);
    },
  };
}

function wrapSession(ort: OrtModule, session: InferenceSession): Session {
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(feeds) {
      const inputs = Object.entries(feeds).map(
        ([name, tensor]) => [name, new ort.Tensor(tensor.type, tensor.data as never, tensor.dims)] as const,
      );
      const outputs = await session.run(Object.fromEntries(inputs));
      return Object.fromEntries(
        Object.entries(outputs).map(([name, tensor]): [string, Tensor] => [
          name,
          { type: tensor.type as TensorType, dims: tensor.dims, data: tensor.data as TensorData },
        ]),
      );
    },
    dispose: () => session.release(),
  };
}
