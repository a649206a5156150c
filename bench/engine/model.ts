/** What a model is that training engines are compared on: our network, its data, and parts that several share. */
import type { Tensor } from '#core/contracts/runtime.ts';
import type { Network, NetworkBuilder, Value } from '#core/ir/network.ts';
import { Random } from '#core/math/random.ts';
import type { DataKind } from '#core/train/program.ts';

/** Adam as all engines run it. */
export const adam = { rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

export interface BenchModel {
  readonly network: Network;
  readonly kinds: Readonly<Record<string, DataKind>>;
  readonly data: Readonly<Record<string, Tensor>>;
  /** Rows of a step; steps go through `rows` in order and start again. */
  readonly batch: number;
  readonly rows: number;
}

const count = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/** Standard normal numbers. */
export function normals(seed: number, dims: readonly number[]): Tensor {
  const random = new Random(seed);
  return { type: 'float32', dims, data: Float32Array.from({ length: count(dims) }, () => random.normal()) };
}

/** Uniform integers below `limit`. */
export function integers(seed: number, dims: readonly number[], limit: number): Tensor {
  const random = new Random(seed);
  return {
    type: 'int64',
    dims,
    data: BigInt64Array.from({ length: count(dims) }, () => BigInt(random.integer(limit))),
  };
}

/** x · `name`.w + `name`.b over the last axis of x [K, ..., inputs], He and others' (2015) start. */
export function dense(net: NetworkBuilder, name: string, x: Value, width: number): Value {
  const inputs = x.shape.at(-1) as number;
  const lead = x.shape.slice(2).map(() => 1);
  const shape = ['K', ...lead.slice(1), inputs, width];
  const w = net.parameter(`${name}.w`, shape, { kind: 'normal', deviation: Math.sqrt(2 / inputs) });
  const b = net.parameter(`${name}.b`, ['K', ...lead, width], { kind: 'constant', value: 0 }, { decay: 0 });
  return net.apply('add', [net.apply('matmul', [x, w]), b]);
}

/** Convolution with bias that keeps the size. */
export function convolved(net: NetworkBuilder, name: string, x: Value, width: number, kernel = 3, group = 1): Value {
  const perGroup = (x.shape[2] as number) / group;
  const deviation = Math.sqrt(2 / (perGroup * kernel * kernel));
  const w = net.parameter(`${name}.w`, ['K', width, perGroup, kernel, kernel], { kind: 'normal', deviation });
  const b = net.parameter(`${name}.b`, ['K', width], { kind: 'constant', value: 0 }, { decay: 0 });
  return net.apply('conv', [x, w, b], { group, pads: new Array<number>(4).fill((kernel - 1) / 2) });
}

/** The network with the mean cross-entropy of `logits` [K, N, classes] against the classes `y` as its loss. */
export function classifying(net: NetworkBuilder, logits: Value): Network {
  const target = net.input('y', ['K', 'N', logits.shape.at(-1)!]);
  net.output('loss', net.apply('cross-entropy', [logits, target], { smoothing: 0 }));
  return net.build();
}

/** Random rows `x` of shape `dims` with random classes. */
export function classified(
  network: Network,
  { batch, rows, dims, classes }: { batch: number; rows: number; dims: readonly number[]; classes: number },
): BenchModel {
  const data = { x: normals(1, [rows, ...dims]), y: integers(2, [rows], classes) };
  return { network, kinds: { x: 'rows', y: 'classes' }, data, batch, rows };
}
