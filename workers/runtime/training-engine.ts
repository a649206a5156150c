/** The training engine that the settings ask for, opened once per process. */
import { programEngine, type TrainingEngine } from '#core/train/engine.ts';
import type { TrainingSettings } from '#server/config/index.ts';
import { fasterOf, judgeGpu, openGpu } from './gpu-engine.ts';
import { nodeRuntime } from './onnxruntime-node.ts';

/** Trains where nothing is asked for: onnxruntime's native CPU kernels. */
export const defaultEngine = programEngine(nodeRuntime);

async function open({ trainer, provider, tfjsBackend }: TrainingSettings): Promise<TrainingEngine> {
  if (trainer === 'tfjs') {
    const [{ loadTf }, { tfjsEngine }] = await Promise.all([import('../tfjs/load.ts'), import('../tfjs/trainer.ts')]);
    return tfjsEngine(await loadTf(tfjsBackend));
  }
  if (provider === 'cpu') return defaultEngine;
  if (provider !== 'auto') return (await openGpu(provider)).engine;
  for (const candidate of ['cuda', 'webgpu'] as const) {
    try {
      return fasterOf(await judgeGpu(candidate), defaultEngine);
    } catch {
      // Not to be had here; what trained a network says its trial.
    }
  }
  return defaultEngine;
}

const opened = new Map<string, Promise<TrainingEngine>>();

/**
 * The engine for `settings`. A GPU or a library that was named and cannot be had is an error, not a reason to train
 * elsewhere; `auto` takes the CPU where there is no GPU.
 */
export function openEngine(settings: TrainingSettings): Promise<TrainingEngine> {
  const key = JSON.stringify(settings);
  const known = opened.get(key);
  if (known) return known;
  const engine = open(settings);
  opened.set(key, engine);
  // The next network asks again: a driver may have been busy.
  engine.catch(() => opened.delete(key));
  return engine;
}
