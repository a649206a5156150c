/** Trains a network for a bench with the product's own training programs, and predicts with what was trained. */
import type { Tensor } from '#core/contracts/runtime.ts';
import type { Network } from '#core/ir/network.ts';
import { programEngine } from '#core/train/engine.ts';
import { Evaluator } from '#core/train/evaluator.ts';
import type { OptimizerName } from '#core/train/optimizer.ts';
import { BatchOrder } from '#core/train/order.ts';
import type { DataKind } from '#core/train/program.ts';
import { averageDecay, type ScheduleName, scheduleAt } from '#core/train/schedule.ts';
import { initialState } from '#core/train/state.ts';
import { collectStatistics } from '#core/train/statistics.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';

export interface Recipe {
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  readonly schedule: ScheduleName;
  readonly optimizer?: OptimizerName;
  /** Decoupled weight decay, a share of the learning rate. */
  readonly decay?: number;
  readonly clipNorm?: number;
  /** Largest share that stays of a moving average of the parameters; none is kept where not stated. */
  readonly average?: number;
}

export interface TrainRequest {
  readonly network: Network;
  readonly kinds: Readonly<Record<string, DataKind>>;
  /** One tensor for every data input of the network. */
  readonly data: Readonly<Record<string, Tensor>>;
  /** Inputs that outputs other than the loss need. */
  readonly inputs: readonly string[];
  /** Those of `inputs` that are the same at every step. */
  readonly whole?: readonly string[];
  /** Training rows, the same for every member. */
  readonly rows: Int32Array;
  /** Rows for the statistics of batch normalisation, where not all training rows are needed. */
  readonly statisticsRows?: Int32Array;
  /** One member for each seed, trained side by side. */
  readonly seeds: readonly number[];
  readonly recipe: Recipe;
  /** Called after an epoch (from 1) with its mean loss and what gives the parameters, statistics filled in. */
  readonly onEpoch?: (epoch: number, loss: number, parameters: () => Promise<Float32Array>) => Promise<void>;
}

export interface Trained {
  /** [K, n], with the statistics of batch normalisation filled in. */
  readonly parameters: Float32Array;
  readonly seconds: number;
  readonly steps: number;
}

const engine = programEngine(nodeRuntime);
const betas = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** Trains one member per seed on one thread. */
export async function trainNetwork(request: TrainRequest): Promise<Trained> {
  const { network, kinds, data, inputs, rows, statisticsRows = rows, seeds, recipe, onEpoch } = request;
  const { batch, epochs, rate, schedule, decay = 0, average } = recipe;
  const started = performance.now();
  const members = seeds.length;
  const spec = {
    network,
    data: kinds,
    members,
    batch,
    optimizer: recipe.optimizer ?? 'adamw',
    ...betas,
    average: average !== undefined,
    decay: decay > 0,
    clipNorm: recipe.clipNorm ?? null,
  };
  const trainer = await engine.create(spec, data, { ...betas, seed: seeds[0]! });
  const order = new BatchOrder(
    seeds.map(() => rows),
    seeds,
    batch,
  );
  const steps = epochs * order.stepsPerEpoch;
  const learningRate = (t: number): number => rate * scheduleAt(schedule, t / steps);
  const statistics = { network, members, inputs, data, rows: seeds.map(() => statisticsRows), batch };
  const filled = (parameters: Float32Array): Promise<Float32Array> =>
    collectStatistics(nodeRuntime, parameters, statistics);
  let state = initialState(trainer.layout, seeds);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const result = await trainer.advance(state, {
      order: order.next(order.stepsPerEpoch),
      learningRate,
      decay: (t) => learningRate(t) * decay,
      averageDecay: (t) => averageDecay(average ?? 0, t),
    });
    const after = result.state;
    state = after;
    const loss = result.losses.reduce((a, b) => a + b, 0) / result.losses.length;
    await onEpoch?.(epoch, loss, () => filled(after.average ?? after.parameters));
  }
  await trainer.dispose();
  const parameters = await filled(state.average ?? state.parameters);
  return { parameters, seconds: (performance.now() - started) / 1000, steps };
}

export interface PredictRequest extends Pick<TrainRequest, 'network' | 'data' | 'inputs' | 'whole'> {
  readonly output: string;
  readonly members: number;
  /** The same rows for every member. */
  readonly rows: Int32Array;
  readonly chunk?: number;
}

/** Predictions of the inference form with fixed parameters, [K] arrays of [rows, ...] row-major. */
export async function predictorOf(
  request: PredictRequest,
): Promise<{ predict(parameters: Float32Array): Promise<Float32Array[]>; dispose(): Promise<void> }> {
  const { network, data, inputs, whole = [], output, members, rows, chunk = 256 } = request;
  const evaluator = await Evaluator.create(nodeRuntime, network, members, inputs, [output], data, { whole });
  return {
    predict: async (parameters) => {
      const parts: Float32Array[][] = Array.from({ length: members }, () => []);
      for (let at = 0; at < rows.length; at += chunk) {
        const some = rows.subarray(at, at + chunk);
        const each = parts.flatMap(() => Array.from(some, BigInt));
        const values = (await evaluator.run(parameters, BigInt64Array.from(each)))[output]!;
        const size = values.length / members;
        parts.forEach((part, k) => {
          part.push(values.slice(k * size, (k + 1) * size));
        });
      }
      return parts.map(joined);
    },
    dispose: () => evaluator.dispose(),
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Share of rows whose largest of `classes` scores is that of the label. */
export function accuracy(scores: Float32Array, labels: ArrayLike<number>): number {
  const classes = scores.length / labels.length;
  let right = 0;
  for (let i = 0; i < labels.length; i++) {
    let best = 0;
    for (let c = 1; c < classes; c++) if (scores[i * classes + c]! > scores[i * classes + best]!) best = c;
    if (best === labels[i]) right++;
  }
  return right / labels.length;
}
