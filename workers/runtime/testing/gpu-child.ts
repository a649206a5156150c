/** What a process finds when it asks for WebGPU: entry of a child whose environment says which Vulkan driver there is. */
import { trainClassifier } from '#core/train/testing/classifier.ts';
import { defaultEngine, openEngine } from '../training-engine.ts';

export interface GpuFindings {
  /** Name of the engine that was opened. */
  readonly opened?: string;
  /** Largest difference of a parameter to the CPU's, after some steps with dropout. */
  readonly difference?: number;
  /** Or why there is none, and what `auto` opens instead. */
  readonly refused?: string;
  readonly automatic?: string;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function find(): Promise<GpuFindings> {
  const settings = { trainer: 'onnx', tfjsBackend: 'auto' } as const;
  try {
    const engine = await openEngine({ ...settings, provider: 'webgpu' });
    const run = { members: [0, 1], dropout: 0.3, chunks: [5] };
    const [there, here] = [await trainClassifier(engine, run), await trainClassifier(defaultEngine, run)];
    const differences = there.state.parameters.map((v, i) => Math.abs(v - here.state.parameters[i]!));
    return { opened: engine.name, difference: Math.max(...differences) };
  } catch (error) {
    return { refused: messageOf(error), automatic: (await openEngine({ ...settings, provider: 'auto' })).name };
  }
}

process.send?.(await find());
process.disconnect?.();
