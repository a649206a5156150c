/**
 * Which of several equal forms operators emit. A provider lacks some kernels and has slow or limited ones; operators ask
 * here, and nowhere else, what they may use. `docs/decisions/0006-emitted-forms.md` says what was measured.
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
  /** Whether a member's sums must be those that it has beside others. */
  readonly memberwise?: boolean;
}

export interface Forms {
  /** Channels of a block in com.microsoft.nchwc kernels; null: row-major tensors only. */
  readonly block: number | null;
  /** com.microsoft FusedMatMul, which transposes operands for nothing; else Transpose and MatMul. */
  readonly fusedMatMul: boolean;
  /** com.microsoft GatedAdd, a row of one tensor plus a number times a row of another; else a product and a sum. */
  readonly gatedAdd: boolean;
  /** LogSoftmax; else its definition. */
  readonly logSoftmax: boolean;
  /** LayerNormalization that also says what it divided by; else its definition. */
  readonly layerNormalization: boolean;
  /** Whether infinities are as IEEE 754 has them, so that a number divided by one is 0. */
  readonly infinities: boolean;
  /** ConvTranspose over volumes, and right for groups of several filters and one channel; else Conv of spaced-out rows. */
  readonly convTranspose: boolean;
  /** Slope of the HardSigmoid that makes masks of 0 and 1. */
  readonly steepness: number;
  /** Threads among which kernels share out their work. */
  readonly threads: number;
  /** Whether ScatterND may reduce rows: it does so without locks, exact on one thread and wrong on more; else ScatterElements. */
  readonly scatterRows: boolean;
  /** Whether sums of rows keep the order of the entries, for the same bits on any number of threads. */
  readonly fixedOrder: boolean;
  /** Most outputs of one Split; else slices. A GPU kernel binds a buffer for each. */
  readonly widestSplit: number;
  /** Whether forms that exist for one member only, and round otherwise, are left out. */
  readonly memberwise: boolean;
}

type Limits = Omit<Forms, 'block' | 'threads' | 'memberwise' | 'gatedAdd'>;

const everything: Limits = {
  fusedMatMul: true,
  logSoftmax: true,
  layerNormalization: true,
  infinities: true,
  convTranspose: true,
  steepness: 1e38,
  scatterRows: true,
  fixedOrder: true,
  widestSplit: Number.POSITIVE_INFINITY,
};

/**
 * What each provider has. FusedMatMul and LogSoftmax are not in WebGPU's registry as its source was read; such nodes would
 * run on the CPU, between two copies. Its kernels bind at most 8 buffers, and GPUs scatter in any order. A slope of 1e38 overflows
 * for activations above 3, and GPU compilers may assume that infinities do not happen; 1e30 gives 1 for all above 1e-30.
 */
const limits: Readonly<Record<Provider, Limits>> = {
  cpu: everything,
  wasm: everything,
  webgpu: {
    fusedMatMul: false,
    logSoftmax: false,
    layerNormalization: false,
    infinities: false,
    convTranspose: false,
    steepness: 1e30,
    scatterRows: false,
    fixedOrder: false,
    widestSplit: 7,
  },
  cuda: { ...everything, infinities: false, steepness: 1e30, scatterRows: false, fixedOrder: false },
};

/** The forms for one graph. Graphs for inference are stored and run anywhere: standard operators, any number of threads. */
export function formsFor(request: FormsRequest): Forms {
  const { mode, provider = 'cpu', contrib = false, threads = 1, block = null, memberwise = false } = request;
  const limit = limits[provider];
  if (mode === 'inference') {
    const own = { fusedMatMul: false, gatedAdd: false, layerNormalization: false, scatterRows: false };
    return { ...everything, ...own, threads: 1, memberwise, block: null };
  }
  return {
    ...limit,
    threads,
    memberwise,
    block: contrib && provider === 'cpu' ? block : null,
    fusedMatMul: contrib && limit.fusedMatMul,
    gatedAdd: contrib,
    scatterRows: threads === 1 && limit.scatterRows,
  };
}
