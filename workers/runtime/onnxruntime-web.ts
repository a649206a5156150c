/** Runtime on onnxruntime-web's WebAssembly build inside Node: the code that browsers run, without a browser. */
import * as ort from 'onnxruntime-web';
import { runtimeOf } from './onnxruntime-common.ts';

// Threads of the WebAssembly build are started once for the whole process; one is enough for verification.
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

export const webRuntime = runtimeOf(ort, `onnxruntime-web ${ort.env.versions.web ?? ''}`, 'wasm', () => ({
  executionProviders: ['wasm'],
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
}));
