/** TensorFlow.js as a second opinion: outputs and gradients of every operator against our own graphs. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bindNetwork } from '#core/ir/network.ts';
import { drawFeeds } from '#core/layers/testing/draw-feeds.ts';
import { tokenCases } from '#core/layers/testing/token-cases.ts';
import { operators } from '#core/ops/registry.ts';
import { operatorCases } from '#core/ops/testing/cases.ts';
import { chosen, compose, feedsOf } from '#core/ops/testing/compositions/compose.ts';
import { gradientsOf, seeded } from '#core/ops/testing/gradient-check.ts';
import { caseName, prepareCase } from '#core/ops/testing/prepared-case.ts';
import { relativeError } from '#core/ops/testing/relative-error.ts';
import { nodeRuntime } from '../../runtime/onnxruntime-node.ts';
import { loadTf } from '../load.ts';
import { tfGradientsOf } from '../testing/gradients.ts';
import { buildOf, builtOperators } from './table.ts';

const { tf } = await loadTf('cpu');

/** Operators that TensorFlow.js has no way to compute, each with the reason. */
const impossible: Readonly<Record<string, string>> = {};

test('every operator is built, or named as one that cannot be', () => {
  const names = operators.map((o) => o.name);
  expect(names.filter((n) => !builtOperators.includes(n)).sort()).toEqual(Object.keys(impossible).sort());
  expect(builtOperators.filter((n) => !names.includes(n))).toEqual([]);
  expect(() => buildOf('softsign')).toThrow('softsign');
});

describe('gradients agree with those of our graphs', () => {
  const cases = operatorCases.filter((c) => builtOperators.includes(c.op));
  test.each(cases.map((c) => [caseName(c), c] as const))('%s', async (_name, c) => {
    const { network, loss, feeds } = prepareCase(c);
    const ours = await gradientsOf(nodeRuntime, network, loss, feeds, { contrib: true });
    expect(relativeError(tfGradientsOf(tf, network, loss, feeds), ours)).toBeLessThan(1e-4);
  });
});

const axis = fc.integer({ min: 1, max: 3 });
const shape = fc.tuple(
  fc.integer({ min: 1, max: 2 }),
  fc.oneof(fc.tuple(axis, axis), fc.tuple(axis, axis, axis), fc.tuple(axis, axis, axis, axis)),
);
const steps = fc.array(fc.record({ pick: fc.nat(1e6), width: axis }), { minLength: 2, maxLength: 8, size: 'max' });

test('gradients of random networks agree', async () => {
  await fc.assert(
    fc.asyncProperty(shape, steps, fc.nat(1e6), async ([members, rest], list, seed) => {
      const size = [members, ...rest];
      const { network, loss } = seeded((net) => compose(net, size, chosen(size, list), list));
      const feeds = feedsOf(network, seed);
      const ours = await gradientsOf(nodeRuntime, network, loss, feeds);
      expect(relativeError(tfGradientsOf(tf, network, loss, feeds), ours)).toBeLessThan(1e-4);
    }),
    { numRuns: 60, seed: 20240504 },
  );
});

test('gradients of layers agree', async () => {
  for (const name of ['a transformer block in moved windows', 'attention to means of windows']) {
    const { build, members = 1 } = tokenCases[name]!;
    const built = seeded(build);
    const network = bindNetwork(built.network, { K: members });
    const loss = network.values[built.loss.id]!;
    const feeds = drawFeeds(network, 23);
    const ours = await gradientsOf(nodeRuntime, network, loss, feeds, { contrib: true });
    expect(relativeError(tfGradientsOf(tf, network, loss, feeds), ours)).toBeLessThan(1e-4);
  }
});
