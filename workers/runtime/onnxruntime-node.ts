/** Runtimes on onnxruntime's native build: the CPU, and GPUs where the machine has one. */
import type { InferenceSession } from 'onnxruntime-common';
import * as ort from 'onnxruntime-node';
import type { Runtime } from '#core/contracts/runtime.ts';
import { runtimeOf } from './onnxruntime-common.ts';

/** `webgpu` comes with the package and needs a Vulkan, Metal or Direct3D 12 driver; `cuda` needs its library (docs/runtimes.md). */
export const nodeProviders = ['cpu', 'webgpu', 'cuda'] as const;
export type NodeProvider = (typeof nodeProviders)[number];

const name = `onnxruntime-node ${ort.env.versions.node ?? ''}`;

/**
 * One intra-op thread and sequential execution unless a session asks for more. The only provider named is `provider`:
 * where it cannot be had, sessions are refused rather than run on the CPU.
 */
export const sessionOptions = (provider: NodeProvider, threads: number): InferenceSession.SessionOptions => ({
  executionProviders: [provider],
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
});

/** The native runtime on `provider`; `run` blocks this JavaScript thread. */
export const nodeRuntimeOn = (provider: NodeProvider): Runtime =>
  runtimeOf(ort, name, provider, (threads) => sessionOptions(provider, threads));

export const nodeRuntime = nodeRuntimeOn('cpu');
