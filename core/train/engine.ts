/** What trains networks: the training program on a runtime, or another library that makes the same updates. */
import type { Provider, Runtime, Tensor } from '../contracts/runtime.ts';
import { blockSizeOf } from '../ops/blocked.ts';
import type { Layout } from './layout.ts';
import { compileProgram, type ProgramSpec } from './program.ts';
import type { TrainingState } from './state.ts';
import { type StepPlan, Trainer, type TrainerOptions } from './trainer.ts';

/** What is trained and how, whatever does it. */
export type TrainingSpec = Omit<ProgramSpec, 'contrib' | 'threads' | 'provider' | 'block'>;

export interface NetworkTrainer {
  /** What does the updates, e.g. `onnxruntime-node 1.30.0 cpu`. */
  readonly name: string;
  readonly layout: Layout;
  /** Does as many updates as `plan.order` holds; returns the new state and the losses before each update, [steps, K]. */
  advance(state: TrainingState, plan: StepPlan): Promise<{ state: TrainingState; losses: Float32Array }>;
  dispose(): Promise<void>;
}

/** A run may begin with one engine and go on with another: all keep the same state (`tests/contracts/trainer.ts` says what they promise). */
export interface TrainingEngine {
  readonly name: string;
  /** @param data a tensor for every data input of the network, as for `Trainer.create` */
  create(spec: TrainingSpec, data: Readonly<Record<string, Tensor>>, options: TrainerOptions): Promise<NetworkTrainer>;
}

/**
 * Rows that one call hands over at most, where nothing else is asked for: a GPU gets a copy of them at every call, and
 * WebAssembly has 4 GB for all. The native CPU reads them where they are.
 */
const dataBytes: Readonly<Record<Provider, number>> = {
  cpu: Number.POSITIVE_INFINITY,
  wasm: 2 ** 29,
  webgpu: 2 ** 27,
  cuda: 2 ** 28,
};

/**
 * Trains by programs of program.ts on `runtime`, in the forms that are fast there.
 * @param contrib whether com.microsoft kernels may be used
 */
export function programEngine(runtime: Runtime, { contrib = true } = {}): TrainingEngine {
  const { name, provider, threads = 1 } = runtime;
  let block: Promise<number | null> | undefined;
  return {
    name,
    async create(spec, data, options) {
      block ??= contrib && provider === 'cpu' ? blockSizeOf(runtime) : Promise.resolve(null);
      const program = compileProgram({ known: data, ...spec, contrib, threads, provider, block: await block });
      const trainer = await Trainer.create(
        runtime,
        program,
        data,
        { dataBytes: dataBytes[provider], ...options },
        threads,
      );
      return {
        name,
        layout: program.layout,
        advance: (state, plan) => trainer.advance(state, plan),
        dispose: () => trainer.dispose(),
      };
    },
  };
}
