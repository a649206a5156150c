import { expect, test } from 'vitest';
import { largest } from '#tests/contracts/trainer.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { bindNetwork, type Network, NetworkBuilder } from '../ir/network.ts';
import { dense } from '../layers/dense.ts';
import { classify } from '../networks/outputs.ts';
import type { DataKind } from './data.ts';
import { programEngine } from './engine.ts';
import { layoutOf } from './layout.ts';
import { BatchOrder } from './order.ts';
import { initialState } from './state.ts';
import { elastic, type PartRule, partsOfStep, repeatBatches, unitMasks, type Widths } from './supernet.ts';
import { classifierData } from './testing/classifier.ts';
import { transferParameters } from './transfer.ts';

const choices = { a: [2, 4, 12], b: [3, 12] };
const LARGEST: Widths = { a: 12, b: 12 };
const SMALLEST: Widths = { a: 2, b: 3 };

function network(masked: boolean, widths: Widths = LARGEST): Network {
  const net = new NetworkBuilder();
  let h = net.input('x', ['K', 'N', 3]);
  for (const layer of ['a', 'b']) {
    h = net.apply('relu', [dense(net, layer, h, widths[layer]!)]);
    if (masked) h = elastic(net, layer, h);
  }
  classify(net, dense(net, 'head', h, 2));
  return net.build();
}

const adam = { beta1: 0.9, beta2: 0.95, epsilon: 1e-6 };
const common = { ...adam, members: 2, decay: false, clipNorm: null };
const rows = [0, 1].map(() => Int32Array.from({ length: 60 }, (_, i) => i));
const all = BigInt64Array.from([...rows[0]!, ...rows[1]!], BigInt);

/** Trains the supernet with `parts` a step. */
async function train(steps: number, parts: (t: number) => Widths[]) {
  const data = { x: 'rows', y: 'classes', 'units.a': 'step', 'units.b': 'step' } as const;
  const accumulate = parts(0).length;
  const spec = { ...common, network: network(true), data, batch: 20, accumulate };
  const trainer = await programEngine(nodeRuntime).create(spec, classifierData, { ...adam, seed: 1 });
  const chosen = Array.from({ length: steps }, (_, t) => parts(t)).flat();
  const order = repeatBatches(new BatchOrder(rows, [1, 2], 20).next(steps), 40, accumulate);
  const inputs = unitMasks(choices, chosen, 2);
  const { state } = await trainer.advance(initialState(trainer.layout, [1, 2]), {
    order,
    learningRate: () => 0.03,
    inputs,
  });
  await trainer.dispose();
  return { parameters: state.parameters, layout: trainer.layout };
}

/** The losses of both members on all rows, with units masked, or of the part that is cut out. */
async function losses(parameters: Float32Array, widths: Widths, cut: boolean): Promise<Float32Array> {
  const part = network(!cut, cut ? widths : LARGEST);
  const kinds: Record<string, DataKind> = { x: 'rows', y: 'classes' };
  if (!cut) for (const name of ['units.a', 'units.b']) kinds[name] = 'step';
  const spec = { ...common, network: part, data: kinds, batch: 60 };
  const trainer = await programEngine(nodeRuntime).create(spec, classifierData, { ...adam, seed: 1 });
  const whole = layoutOf(bindNetwork(network(true), { K: 2 }));
  const state = initialState(trainer.layout, [1, 2]);
  expect(transferParameters(whole, parameters, trainer.layout, state.parameters)).toBe(6);
  const inputs = cut ? {} : unitMasks(choices, [widths], 2);
  const result = await trainer.advance(state, { order: all, learningRate: () => 0, inputs });
  await trainer.dispose();
  return result.losses;
}

test('every part learns, and is the network that is cut out of the supernet', async () => {
  const trained = await train(60, (t) => partsOfStep('sandwich', choices, 3, 7, t));
  const alone = await train(60, () => [LARGEST]);
  for (const widths of [SMALLEST, { a: 4, b: 12 }, LARGEST]) {
    const masked = await losses(trained.parameters, widths, false);
    expect(largest(masked, await losses(trained.parameters, widths, true))).toBeLessThan(1e-6);
    expect(Math.max(...masked)).toBeLessThan(0.5);
  }
  // A network that was trained at its largest alone has no small part of use.
  const small = await losses(trained.parameters, SMALLEST, true);
  const cut = await losses(alone.parameters, SMALLEST, true);
  for (const k of [0, 1]) expect(small[k]).toBeLessThan(cut[k]! - 0.05);
});

test('a sandwich holds the largest and the smallest part, and draws are repeated by step', () => {
  const parts = (rule: PartRule, t: number) => partsOfStep(rule, choices, 4, 3, t);
  expect(parts('sandwich', 5).slice(0, 2)).toEqual([LARGEST, SMALLEST]);
  expect(parts('sandwich', 5)).toEqual(parts('sandwich', 5));
  const seen = new Set(
    Array.from({ length: 40 }, (_, t) => parts('uniform', t))
      .flat()
      .map((p) => JSON.stringify(p)),
  );
  expect(seen.size).toBe(6);
});

test('a part larger than the whole is refused', () => {
  const [whole, part] = [network(false, SMALLEST), network(false)].map((n) => layoutOf(bindNetwork(n, { K: 1 })));
  const target = new Float32Array(part!.size);
  expect(() => transferParameters(whole!, new Float32Array(whole!.size), part!, target)).toThrow(RangeError);
});
