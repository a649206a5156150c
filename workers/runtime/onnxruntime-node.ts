/** Runtime on onnxruntime's native CPU provider. */
import * as ort from 'onnxruntime-node';
import type { Runtime } from '#core/contracts/runtime.ts';
import { runtimeOf } from './onnxruntime-common.ts';

/** One intra-op thread and sequential execution unless a session asks for more; `run` blocks this JavaScript thread. */
export const nodeRuntime: Runtime = runtimeOf(
  ort,
  `onnxruntime-node ${ort.env.versions.node ?? ''} cpu`,
  (threads) => ({
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  }),
);
