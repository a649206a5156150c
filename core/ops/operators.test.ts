import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import { networkCost } from '../ir/network.ts';
import { sizes } from '../ir/shape.ts';
import { operators } from './registry.ts';
import { operatorCases } from './testing/cases.ts';
import { checkGradients, runForward } from './testing/gradient-check.ts';
import { caseName, prepareCase } from './testing/prepared-case.ts';

test('every operator has a case, and names are unique', () => {
  const names = operators.map((o) => o.name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((n) => !operatorCases.some((c) => c.op === n))).toEqual([]);
});

describe.each(operatorCases.map((c) => [caseName(c), c] as const))('%s', (_name, c) => {
  test('gradients agree with central differences and with every float32 form', async () => {
    const { network, loss, feeds } = prepareCase(c);
    const { differenceError, float32Error } = await checkGradients(nodeRuntime, network, loss, feeds);
    expect(differenceError).toBeLessThan(1e-7);
    expect(float32Error).toBeLessThan(1e-5);
  });

  test('the training and the inference form agree on both runtimes', async () => {
    const { network, out, feeds } = prepareCase(c);
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
    const { network, out, feeds } = prepareCase(c);
    const result = await runForward(nodeRuntime, network, out, feeds, 'training');
    expect(result.length).toBe(sizes(out.shape).reduce((a, b) => a * b, 1));
    const cost = networkCost(network, {});
    expect(cost.macs).toBeGreaterThanOrEqual(0);
    expect(Number.isFinite(cost.activationBytes)).toBe(true);
  });
});
