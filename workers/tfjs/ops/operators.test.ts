/** TensorFlow.js as a second opinion: outputs and gradients of every operator against our own graphs. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NetworkBuilder, Value } from '#core/ir/network.ts';
import { sizes } from '#core/ir/shape.ts';
import { Random } from '#core/math/random.ts';
import { operators } from '#core/ops/registry.ts';
import { drawData, operatorCases } from '#core/ops/testing/cases.ts';
import { blockNames, compose, type Step } from '#core/ops/testing/compositions.ts';
import { gradientsOf, seeded, valuesOf } from '#core/ops/testing/gradient-check.ts';
import { composeImage, imageBlockNames } from '#core/ops/testing/image-compositions.ts';
import { caseName, prepareCase } from '#core/ops/testing/prepared-case.ts';
import { nodeRuntime } from '../../runtime/onnxruntime-node.ts';
import { loadTf } from '../load.ts';
import { relativeError, tfGradientsOf } from '../testing/gradients.ts';
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

const steps = (names: readonly string[]) =>
  fc.array(fc.record({ block: fc.constantFrom(...names), width: fc.integer({ min: 1, max: 3 }) }), {
    minLength: 2,
    maxLength: 8,
    size: 'max',
  });
const upTo = (max: number) => fc.integer({ min: 1, max });

/** Random chains of building blocks over the shapes that `shape` draws. */
async function compare<Shape extends readonly number[]>(
  shape: fc.Arbitrary<Shape>,
  names: readonly string[],
  build: (net: NetworkBuilder, size: Shape, list: readonly Step[]) => Value,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(shape, steps(names), fc.nat(1e6), async (size, list, seed) => {
      const { network, loss } = seeded((net) => build(net, size, list));
      const random = new Random(seed);
      const feeds = Object.fromEntries(
        valuesOf(network).map(({ name, value }) => [
          name,
          drawData(/^c\d/.test(name) ? 'mask' : 'signed', sizes(value.shape), () => random.uniform()),
        ]),
      );
      const ours = await gradientsOf(nodeRuntime, network, loss, feeds);
      expect(relativeError(tfGradientsOf(tf, network, loss, feeds), ours)).toBeLessThan(1e-4);
    }),
    { numRuns: 30, seed: 20240504 },
  );
}

test('gradients of random networks on rows agree', () =>
  compare(fc.tuple(upTo(2), upTo(3), upTo(3)), blockNames, compose));

test('gradients of random networks on images agree', () =>
  compare(fc.tuple(upTo(2), upTo(2), upTo(2), upTo(3), upTo(3)), imageBlockNames, composeImage));
