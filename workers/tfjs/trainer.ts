/** The second trainer: networks trained by TensorFlow.js, with its kernels and its gradients, step by step. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Tensor as PlainTensor } from '#core/contracts/runtime.ts';
import { bindNetwork, type Network } from '#core/ir/network.ts';
import { countOf, sizes } from '#core/ir/shape.ts';
import type { NetworkTrainer, TrainingEngine, TrainingSpec } from '#core/train/engine.ts';
import { type Layout, layoutOf } from '#core/train/layout.ts';
import { memberSeeds, NoisePool } from '#core/train/noise.ts';
import type { TrainingState } from '#core/train/state.ts';
import type { StepPlan, TrainerOptions } from '#core/train/trainer.ts';
import { applicationsFor, interpret } from './interpret.ts';
import type { LoadedTf } from './load.ts';
import type { Noise, Tf } from './ops/call.ts';
import { directionOf, shortened } from './update.ts';

/** Trains with TensorFlow.js as loaded. */
export const tfjsEngine = (loaded: LoadedTf): TrainingEngine => ({
  name: loaded.name,
  create: async (spec, data, options) => new TfTrainer(loaded, spec, data, options),
});

/** State on its way through a call: tensors [K, n]. */
type Held = Record<'parameters' | 'first' | 'second', Tensor> & { average?: Tensor };

class TfTrainer implements NetworkTrainer {
  readonly name: string;
  readonly layout: Layout;
  private readonly tf: Tf;
  private readonly spec: TrainingSpec;
  private readonly network: Network;
  private readonly options: TrainerOptions;
  private readonly data: Readonly<Record<string, Tensor>>;
  private readonly pool: NoisePool | null;
  private readonly rate: Tensor;
  private readonly decay: Tensor;

  constructor(
    { tf, name }: LoadedTf,
    spec: TrainingSpec,
    data: Readonly<Record<string, PlainTensor>>,
    options: TrainerOptions,
  ) {
    this.name = name;
    this.tf = tf;
    this.spec = spec;
    this.network = bindNetwork(spec.network, { K: spec.members, N: spec.batch });
    refuseOthers(spec);
    if (!this.network.outputs.loss) throw new RangeError('The network has no output called loss.');
    this.layout = layoutOf(this.network);
    this.options = options;
    this.data = Object.fromEntries(
      Object.keys(spec.data).flatMap((name) => {
        if (spec.data[name] === 'step') return [];
        const given = data[name];
        if (!given || !this.network.inputs[name]) throw new RangeError(`There is no data or no input called ${name}.`);
        return [[name, upload(tf, given)]];
      }),
    );
    const lengths = noiseLengths(this.network, spec.members);
    this.pool = lengths.length === 0 ? null : new NoisePool(lengths, memberSeeds(options.seed, spec.members));
    const factors = (of: Float32Array | null): Tensor =>
      tf.tensor2d(of ?? new Float32Array(this.layout.size).fill(1), [1, this.layout.size]);
    this.rate = factors(this.layout.rate);
    this.decay = factors(this.layout.decay);
  }

  async advance(state: TrainingState, plan: StepPlan): Promise<{ state: TrainingState; losses: Float32Array }> {
    const { tf, spec } = this;
    const dims: [number, number] = [spec.members, this.layout.size];
    const perStep = spec.members * spec.batch;
    const steps = plan.order.length / perStep;
    const offsets = this.pool?.offsets(state.step, steps);
    const losses = new Float32Array(steps * spec.members);
    const each = (of: (k: number) => number): number[] => Array.from({ length: spec.members }, (_, k) => of(k));
    let held: Held = {
      parameters: tf.tensor2d(state.parameters, dims),
      first: tf.tensor2d(state.first, dims),
      second: tf.tensor2d(state.second, dims),
      ...(spec.average ? { average: tf.tensor2d(state.average ?? state.parameters, dims) } : {}),
    };
    for (let i = 0; i < steps; i++) {
      const rows = Int32Array.from(plan.order.subarray(i * perStep, (i + 1) * perStep), Number);
      const before = held;
      held = tf.tidy(() => {
        const noise = this.noiseOf(
          offsets,
          i,
          each((k) => plan.dropoutScale?.(state.step + i, k) ?? 1),
        );
        const { gradient, loss } = this.gradient(before.parameters, rows, noise, (name) =>
          stepInput(plan, name, i, steps),
        );
        losses.set(loss, i * spec.members);
        return this.updated(before, gradient, state.step + i, plan);
      });
      // What an update leaves as it is passes through.
      for (const old of Object.values(before)) if (!Object.values(held).includes(old)) old.dispose();
    }
    const read = async (tensor: Tensor): Promise<Float32Array> => Float32Array.from(await tensor.data());
    const next: TrainingState = {
      parameters: await read(held.parameters),
      first: await read(held.first),
      second: await read(held.second),
      ...(held.average ? { average: await read(held.average) } : {}),
      step: state.step + steps,
    };
    tf.dispose(held);
    return { state: next, losses };
  }

  /** Gradient [K, n] of the sum of the members' losses, and the losses [K]. */
  private gradient(
    flat: Tensor,
    rows: Int32Array,
    noise: Noise,
    stepInput: (name: string) => Float32Array,
  ): { gradient: Tensor; loss: Float32Array } {
    const { tf, network, spec, layout } = this;
    const given = new Map<number, Tensor>();
    for (const [name, kind] of Object.entries(spec.data)) {
      const value = network.inputs[name]!;
      const shape = sizes(value.shape);
      if (kind === 'whole') given.set(value.id, this.data[name]!);
      else if (kind === 'step') given.set(value.id, tf.tensor(stepInput(name), shape));
      else given.set(value.id, this.take(name, kind, rows, shape));
    }
    const parts = layout.entries.map(({ offset, size, shape }) =>
      tf.reshape(tf.slice(flat, [0, offset], [spec.members, size]), [...shape]),
    );
    let loss = new Float32Array(0);
    const total = (...parameters: Tensor[]): Tensor => {
      const all = new Map(given);
      layout.entries.forEach(({ id }, i) => {
        all.set(id, parameters[i]!);
      });
      const [losses] = interpret(tf, network, all, [network.outputs.loss!], noise);
      loss = Float32Array.from(losses!.dataSync());
      return tf.sum(losses!);
    };
    // Unlike `valueAndGrads`, null where the loss does not depend on a parameter, such as statistics for inference.
    const { grads } = tf.engine().gradients(() => total(...parts), parts, undefined, true);
    const gradients = layout.entries.map(({ size }, i) =>
      grads[i] ? tf.reshape(grads[i], [spec.members, size]) : tf.zeros([spec.members, size]),
    );
    return { gradient: gradients.length === 1 ? gradients[0]! : tf.concat(gradients, 1), loss };
  }

  /** The rows of a data tensor that a step takes, as the network's input. */
  private take(name: string, kind: 'rows' | 'classes', rows: Int32Array, shape: number[]): Tensor {
    const { tf } = this;
    const taken = tf.gather(this.data[name]!, tf.tensor1d(rows, 'int32'));
    return tf.reshape(kind === 'classes' ? tf.cast(tf.oneHot(taken, shape[2]!), 'float32') : taken, shape);
  }

  private noiseOf(offsets: BigInt64Array | undefined, step: number, rateScale: readonly number[]): Noise {
    const { tf, pool } = this;
    let used = 0;
    const uniform = (shape: readonly number[]): Tensor => {
      if (!pool || !offsets) throw new TypeError('There is no noise for this dropout.');
      const readers = readersOf(shape, this.spec.members);
      return tf.tensor(pool.read(offsets, step, used++, countOf(shape) / readers, readers), [...shape]);
    };
    return { uniform, rateScale };
  }

  private updated(held: Held, gradient: Tensor, step: number, plan: StepPlan): Held {
    const { tf, spec, options } = this;
    const limited = shortened(tf, gradient, spec.clipNorm);
    const { direction, first, second } = directionOf(spec.optimizer ?? 'adamw', tf, limited, held, step + 1, options);
    const each = (of: (k: number) => number): Tensor =>
      tf.tensor2d(
        Array.from({ length: spec.members }, (_, k) => of(k)),
        [spec.members, 1],
      );
    const decay = each((k) => (spec.decay ? (plan.decay?.(step, k) ?? 0) : 0));
    const kept = tf.mul(held.parameters, tf.sub(1, tf.mul(this.decay, decay)));
    const rate = each((k) => plan.learningRate(step, k));
    const parameters = tf.sub(kept, tf.mul(tf.mul(direction, this.rate), rate));
    if (!held.average) return { parameters, first, second };
    const follow = each((k) => 1 - (plan.averageDecay?.(step, k) ?? 0));
    const average = tf.add(held.average, tf.mul(tf.sub(parameters, held.average), follow));
    return { parameters, first, second, average };
  }

  async dispose(): Promise<void> {
    this.tf.dispose([...Object.values(this.data), this.rate, this.decay]);
  }
}

/** Throws a RangeError for what only training programs do. */
function refuseOthers({
  accumulate = 1,
  augment = {},
  mixup = [],
  gradientNoise = false,
  half = [],
}: TrainingSpec): void {
  const asked = {
    'gradient accumulation': accumulate > 1,
    augmentation: Object.keys(augment).length > 0,
    mixup: mixup.length > 0,
    'noise of gradients': gradientNoise,
    'data in 16 bits': half.length > 0,
  };
  for (const [name, wanted] of Object.entries(asked)) {
    if (wanted) throw new RangeError(`TensorFlow.js trains without ${name} here.`);
  }
}

function upload(tf: Tf, { type, dims, data }: PlainTensor): Tensor {
  if (type === 'float32') return tf.tensor(data as Float32Array, [...dims]);
  if (type !== 'int64') throw new TypeError(`Data of type ${type} cannot be trained on.`);
  return tf.tensor(Int32Array.from(data as BigInt64Array, Number), [...dims], 'int32');
}

/** Members that read numbers of their own for a value of `shape`; all share those of the first otherwise. */
const readersOf = (shape: readonly number[], members: number): number => (shape[0] === members ? members : 1);

/** What step `i` of `steps` reads for the input `name`. */
function stepInput(plan: StepPlan, name: string, i: number, steps: number): Float32Array {
  const values = plan.inputs?.[name];
  if (!values) throw new RangeError(`The plan holds nothing for the input ${name}.`);
  const size = values.length / steps;
  return values.subarray(i * size, (i + 1) * size);
}

/** How many numbers a member reads at each dropout of a step, in the order in which `interpret` meets them. */
function noiseLengths(network: Network, members: number): number[] {
  return applicationsFor(network, [network.outputs.loss!]).flatMap(({ op, output, attributes }) => {
    const shape = sizes(network.values[output]!.shape);
    if (attributes.rate === 0) return [];
    const readers = readersOf(shape, members);
    if (op === 'dropout') return [countOf(shape) / readers];
    return op === 'drop-path' ? [countOf(shape.slice(0, 2)) / readers] : [];
  });
}
