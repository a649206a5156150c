/**
 * Which of several equal forms operators emit. A provider lacks some kernels and has slow or limited ones; operators ask
 * here, and nowhere else, what they may use. `docs/decisions/0005-emitted-forms.md` says what was measured.
 */

import type { Provider } from '../contracts/runtime.ts';

export interface FormsRequest {
  readonly mode: 'training' | 'inference';
  /** `cpu` where not stated. */
  readonly provider?: Provider;
  /** Whether com.microsoft operators may be used. Exported files hold standard operators only. */
  readonly contrib?: boolean;
  /** Intra-op threads of the session that will run the graph. */
  readonly threads?: number;
  /** Channels of a block in the CPU's blocked kernels as `blockSizeOf` found them, or null for none. */
  readonly block?: number | null;
}

export interface Forms {
  /** com.microsoft FusedMatMul, which transposes operands for nothing. */
  readonly fusedMatMul: boolean;
  /** Channels of a block in com.microsoft.nchwc kernels; null: row-major tensors only. */
  readonly block: number | null;
  /** Slope of the HardSigmoid that makes masks of 0 and 1. */
  readonly steepness: number;
  /** Whether ScatterND may reduce rows: it does so without locks, exact on one thread and wrong on more. */
  readonly scatterRows: boolean;
  /** Most outputs of one Split; a GPU kernel binds a buffer for each. */
  readonly widestSplit: number;
}

/**
 * What differs from the native CPU, by provider. WebGPU (onnxruntime 1.30): FusedMatMul is not registered, at most 8
 * storage buffers a kernel, scatters add atomically. A slope of 1e38 overflows for activations above 3 and GPU
 * compilers may assume that infinities do not happen; 1e30 is exact for what training computes.
 */
const limits: Readonly<Record<Provider, Omit<Forms, 'block'>>> = {
  cpu: { fusedMatMul: true, steepness: 1e38, scatterRows: true, widestSplit: Number.POSITIVE_INFINITY },
  wasm: { fusedMatMul: true, steepness: 1e38, scatterRows: true, widestSplit: Number.POSITIVE_INFINITY },
  webgpu: { fusedMatMul: false, steepness: 1e30, scatterRows: false, widestSplit: 7 },
  cuda: { fusedMatMul: true, steepness: 1e30, scatterRows: false, widestSplit: Number.POSITIVE_INFINITY },
};

/** The forms for one graph. Exported graphs get those that every runtime has. */
export function formsFor({ mode, provider = 'cpu', contrib = false, threads = 1, block = null }: FormsRequest): Forms {
  const limit = limits[provider];
  const training = mode === 'training';
  return {
    fusedMatMul: training && contrib && limit.fusedMatMul,
    block: training && contrib && provider === 'cpu' ? block : null,
    steepness: limit.steepness,
    scatterRows: training && threads === 1 && limit.scatterRows,
    widestSplit: training ? limit.widestSplit : Number.POSITIVE_INFINITY,
  };
}
