import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import { networkCost, type Value } from '../ir/network.ts';
import { sizes } from '../ir/shape.ts';
import { Random } from '../math/random.ts';
import { operators } from './registry.ts';
import { buildCase, drawData, isConstant, type OperatorCase, operatorCases } from './testing/cases.ts';
import { checkGradients, type Feeds, runForward, seeded } from './testing/gradient-check.ts';

const name = (c: OperatorCase): string => `${c.op} ${JSON.stringify(c.shapes)} ${JSON.stringify(c.attributes ?? {})}`;

function prepare(c: OperatorCase): {
  network: ReturnType<typeof seeded>['network'];
  loss: Value;
  out: Value;
  feeds: Feeds;
} {
  const { network, loss } = seeded((net) => buildCase(net, c));
  const random = new Random(c.shapes.length * 101 + c.op.length);
  const uniform = () => random.uniform();
  const feeds: Record<string, number[]> = {};
  c.shapes.forEach((shape, i) => {
    feeds[`${isConstant(c.op, i) ? 'c' : 'x'}${i}`] = drawData(c.kinds?.[i], sizes(shape), uniform);
  });
  feeds.seed = drawData('signed', sizes(network.inputs.seed!.shape), uniform);
  return { network, loss, out: network.outputs.out!, feeds };
}

test('every operator has a case, and names are unique', () => {
  const names = operators.map((o) => o.name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((n) => !operatorCases.some((c) => c.op === n))).toEqual([]);
});

describe.each(operatorCases.map((c) => [name(c), c] as const))('%s', (_name, c) => {
  test('gradients agree with central differences and with every float32 form', async () => {
    const { network, loss, feeds } = prepare(c);
    const { differenceError, float32Error } = await checkGradients(nodeRuntime, network, loss, feeds);
    expect(differenceError).toBeLessThan(1e-7);
    expect(float32Error).toBeLessThan(1e-5);
  });

  test('the training and the inference form agree on both runtimes', async () => {
    const { network, out, feeds } = prepare(c);
    const [first, ...others] = await Promise.all([
      runForward(nodeRuntime, network, out, feeds, 'training'),
      runForward(nodeRuntime, network, out, feeds, 'inference'),
      runForward(webRuntime, network, out, feeds, 'inference'),
      runForward(webRuntime, network, out, feeds, 'training'),
    ]);
    for (const other of others) {
      other.forEach((v, i) => {
        expect(Math.abs(v - first![i]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(v)));
      });
    }
  });

  test('cost and shape rules match what runs', async () => {
    const { network, out, feeds } = prepare(c);
    const result = await runForward(nodeRuntime, network, out, feeds, 'training');
    expect(result.length).toBe(sizes(out.shape).reduce((a, b) => a * b, 1));
    const cost = networkCost(network, {});
    expect(cost.macs).toBeGreaterThanOrEqual(0);
    expect(Number.isFinite(cost.activationBytes)).toBe(true);
  });
});
