/** A Runtime whose sessions live in a page: onnxruntime-web as the product serves it, driven from a test. */
import type { Page } from '@playwright/test';
import type { Runtime, Session, Tensor, TensorType } from '#core/contracts/runtime.ts';

type Browsing = 'wasm' | 'webgpu';

/** A tensor on its way between processes. */
interface Packed {
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly base64: string;
}

const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const;

function pack({ type, dims, data }: Tensor): Packed {
  if (!ArrayBuffer.isView(data)) throw new TypeError('Tensors of strings are not sent to pages.');
  return { type, dims, base64: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64') };
}

function unpack({ type, dims, base64 }: Packed): Tensor {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  const array = arrays[type as keyof typeof arrays];
  return { type, dims, data: new array(bytes.buffer) };
}

/** What the page keeps between calls. */
interface PageState {
  ort: {
    env: { logLevel: string; wasm: { numThreads: number; wasmPaths: string } };
    InferenceSession: { create(model: Uint8Array, options: object): Promise<OrtSession> };
    Tensor: new (type: string, data: unknown, dims: readonly number[]) => OrtTensor;
  };
  sessions: OrtSession[];
}
interface OrtTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: Uint8Array;
}
interface OrtSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Record<string, OrtTensor>): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}
declare global {
  interface Window {
    pageRuntime: PageState;
  }
}

/** What the browser's WebGPU adapter calls itself, or null where it has none. */
export const adapterOf = (page: Page): Promise<string | null> =>
  page.evaluate(async () => {
    const gpu = 'gpu' in navigator ? (navigator.gpu as { requestAdapter(): Promise<unknown> }) : null;
    const adapter = (await gpu?.requestAdapter()) as { info: Record<string, string> } | null | undefined;
    return adapter ? `${adapter.info.vendor} ${adapter.info.architecture}`.trim() : null;
  });

/** The runtime of `provider` in `page`, which must be one of the product's. */
export async function pageRuntime(page: Page, provider: Browsing, version: string): Promise<Runtime> {
  await page.evaluate(
    async ({ folder, entry }) => {
      const ort = (await import(folder + entry)) as PageState['ort'];
      ort.env.logLevel = 'error';
      ort.env.wasm.numThreads = 1;
      ort.env.wasm.wasmPaths = folder;
      window.pageRuntime = { ort, sessions: [] };
    },
    { folder: `/ort/${version}/`, entry: provider === 'webgpu' ? 'ort.webgpu.min.mjs' : 'ort.wasm.min.mjs' },
  );
  return {
    name: `onnxruntime-web ${version} ${provider}`,
    provider,
    threads: 1,
    createSession: (model) => createSession(page, provider, Buffer.from(model).toString('base64')),
  };
}

async function createSession(page: Page, provider: Browsing, model: string): Promise<Session> {
  const { id, inputNames, outputNames } = await page.evaluate(
    async ({ model, provider }) => {
      const bytes = Uint8Array.from(atob(model), (c) => c.charCodeAt(0));
      const { ort, sessions } = window.pageRuntime;
      const session = await ort.InferenceSession.create(bytes, { executionProviders: [provider] });
      const { inputNames, outputNames } = session;
      return { id: sessions.push(session) - 1, inputNames, outputNames };
    },
    { model, provider },
  );
  return {
    inputNames,
    outputNames,
    async run(feeds) {
      const packed = Object.entries(feeds).map(([name, tensor]) => [name, pack(tensor)] as const);
      const out = await page.evaluate(
        async ({ id, packed }) => {
          const { ort, sessions } = window.pageRuntime;
          const views: Record<string, new (buffer: ArrayBuffer) => unknown> = {
            float32: Float32Array,
            int32: Int32Array,
            int64: BigInt64Array,
          };
          const feeds = packed.map(([name, { type, dims, base64 }]) => {
            const { buffer } = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
            return [name, new ort.Tensor(type, new (views[type] ?? Uint8Array)(buffer), dims)] as const;
          });
          const outputs = await sessions[id]!.run(Object.fromEntries(feeds));
          return Object.entries(outputs).map(([name, { type, dims, data }]) => {
            const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
            let text = '';
            for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
            return [name, { type, dims, base64: btoa(text) }] as const;
          });
        },
        { id, packed },
      );
      return Object.fromEntries(out.map(([name, tensor]) => [name, unpack(tensor as Packed)]));
    },
    dispose: () => page.evaluate((id) => window.pageRuntime.sessions[id]!.release(), id),
  };
}
