/** The models that training engines are compared on: data, initial weights and our network. */
import { type Network, NetworkBuilder } from '#core/ir/network.ts';
import { Random } from '#core/math/random.ts';

export interface BenchModel {
  readonly network: Network;
  readonly batch: number;
  readonly rows: number;
  readonly width: number;
  readonly classes: number;
  /** Hidden layers and head, for engines that build the network themselves. */
  readonly units: readonly number[];
}

/** 20-128-128-2 with ReLU, batch 128, 10,000 rows. */
function mlp(): BenchModel {
  const width = 20;
  const units = [128, 128, 2];
  const net = new NetworkBuilder();
  let h = net.input('x', ['K', 'N', width]);
  let inputs = width;
  units.forEach((out, i) => {
    const w = net.parameter(`w${i}`, ['K', inputs, out], { kind: 'normal', deviation: Math.sqrt(2 / inputs) });
    const b = net.parameter(`b${i}`, ['K', 1, out], { kind: 'constant', value: 0 });
    h = net.apply('add', [net.apply('matmul', [h, w]), b]);
    if (i < units.length - 1) h = net.apply('relu', [h]);
    inputs = out;
  });
  net.output('loss', net.apply('cross-entropy', [h, net.input('y', ['K', 'N', 2])], { smoothing: 0 }));
  return { network: net.build(), batch: 128, rows: 10_000, width, classes: 2, units };
}

export const benchModels: Readonly<Record<string, () => BenchModel>> = { mlp };

/** Standard normal inputs and uniform classes. */
export function benchData(model: BenchModel): { x: Float32Array; y: Int32Array } {
  const random = new Random(1);
  return {
    x: Float32Array.from({ length: model.rows * model.width }, () => random.normal()),
    y: Int32Array.from({ length: model.rows }, () => random.integer(model.classes)),
  };
}

export const adam = { rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
