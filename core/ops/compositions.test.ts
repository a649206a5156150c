import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import type { Network } from '../ir/network.ts';
import { sizes } from '../ir/shape.ts';
import { Random } from '../math/random.ts';
import { drawData } from './testing/cases.ts';
import { blockNames, compose } from './testing/compositions.ts';
import { checkGradients, type Feeds, runForward, seeded } from './testing/gradient-check.ts';
import { composeImage, imageBlockNames } from './testing/image-compositions.ts';

const shape = fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }));
const steps = (names: readonly string[]) =>
  fc.array(fc.record({ block: fc.constantFrom(...names), width: fc.integer({ min: 1, max: 3 }) }), {
    minLength: 2,
    maxLength: 8,
    size: 'max',
  });

function feedsOf(network: Network, seed: number): Feeds {
  const random = new Random(seed);
  const draw = (name: string, dims: readonly number[]) =>
    drawData(/^c\d/.test(name) ? 'mask' : 'signed', dims, () => random.uniform());
  const all = [...Object.entries(network.inputs).map(([name, value]) => ({ name, value })), ...network.parameters];
  return Object.fromEntries(all.map(({ name, value }) => [name, draw(name, sizes(value.shape))]));
}

test('gradients of random compositions agree with central differences', async () => {
  await fc.assert(
    fc.asyncProperty(shape, steps(blockNames), fc.nat(1e6), async (size, list, seed) => {
      const { network, loss } = seeded((net) => compose(net, size, list));
      const { differenceError, float32Error } = await checkGradients(
        nodeRuntime,
        network,
        loss,
        feedsOf(network, seed),
        1e-6,
      );
      expect(differenceError).toBeLessThan(1e-5);
      expect(float32Error).toBeLessThan(2e-3);
    }),
    // A fixed seed: a kink within the step of a difference would be a false alarm.
    { numRuns: 100, seed: 20240501 },
  );
});

test('training and exported forms of random compositions agree on both runtimes', async () => {
  const names = blockNames.filter((name) => !['dropout', 'dropPath'].includes(name));
  await fc.assert(
    fc.asyncProperty(shape, steps(names), fc.nat(1e6), async (size, list, seed) => {
      const { network } = seeded((net) => compose(net, size, list));
      const feeds = feedsOf(network, seed);
      const out = network.outputs.out!;
      const training = await runForward(nodeRuntime, network, out, feeds, 'training');
      for (const runtime of [nodeRuntime, webRuntime]) {
        const exported = await runForward(runtime, network, out, feeds, 'inference');
        const scale = Math.max(1, ...training.map(Math.abs));
        exported.forEach((v, i) => {
          expect(Math.abs(v - training[i]!) / scale).toBeLessThan(1e-5);
        });
      }
    }),
    { numRuns: 60, seed: 20240502 },
  );
});

const image = fc.tuple(
  fc.integer({ min: 1, max: 2 }),
  fc.integer({ min: 1, max: 2 }),
  fc.integer({ min: 1, max: 2 }),
  fc.integer({ min: 1, max: 3 }),
  fc.integer({ min: 1, max: 3 }),
);

test('gradients of random image networks agree with central differences, and exported forms with training', async () => {
  await fc.assert(
    fc.asyncProperty(image, steps(imageBlockNames), fc.nat(1e6), async (size, list, seed) => {
      const { network, loss } = seeded((net) => composeImage(net, size, list));
      const feeds = feedsOf(network, seed);
      const { differenceError, float32Error } = await checkGradients(nodeRuntime, network, loss, feeds, 1e-6);
      expect(differenceError).toBeLessThan(1e-4);
      expect(float32Error).toBeLessThan(2e-3);
      const out = network.outputs.out!;
      const training = await runForward(nodeRuntime, network, out, feeds, 'training');
      const exported = await runForward(webRuntime, network, out, feeds, 'inference');
      const scale = Math.max(1, ...training.map(Math.abs));
      exported.forEach((v, i) => {
        expect(Math.abs(v - training[i]!) / scale).toBeLessThan(1e-5);
      });
    }),
    { numRuns: 25, seed: 20240503 },
  );
});
