import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import { blockSizeOf } from './blocked.ts';
import { operators } from './registry.ts';
import { blocks, chosen, compose, feedsOf } from './testing/compositions/compose.ts';
import { checkGradients, compareForms, runForward, seeded } from './testing/gradient-check.ts';

const axis = fc.integer({ min: 1, max: 3 });
const shape = fc.tuple(
  fc.integer({ min: 1, max: 2 }),
  fc.oneof(fc.tuple(axis, axis), fc.tuple(axis, axis, axis), fc.tuple(axis, axis, axis, axis)),
);
const steps = fc.array(fc.record({ pick: fc.nat(1e6), width: axis }), { minLength: 2, maxLength: 8, size: 'max' });

test('every operator occurs in the blocks of random networks', () => {
  const used = Object.entries(blocks).flatMap(([name, { from }]) => {
    const given = { rows: [1, 2, 2], tokens: [1, 2, 2, 2], image: [1, 2, 2, 2, 2], loss: [1] }[from];
    const { network } = seeded((net) => compose(net, given, [name], [{ pick: 0, width: 2 }]));
    return network.applications.map((a) => a.op);
  });
  expect(operators.map((o) => o.name).filter((name) => !used.includes(name))).toEqual([]);
});

/** What graphs hold elsewhere; a network is checked in one of them. */
const forms = [{}, { contrib: true }, { contrib: true, threads: 2 }, { contrib: true, provider: 'webgpu' }] as const;

test('gradients of random networks agree with central differences', async () => {
  await fc.assert(
    fc.asyncProperty(shape, steps, fc.nat(1e6), async ([members, rest], list, seed) => {
      const size = [members, ...rest];
      const { network, loss } = seeded((net) => compose(net, size, chosen(size, list), list));
      const feeds = feedsOf(network, seed);
      const options = { directions: 6, forms: [forms[seed % forms.length]!] };
      const { differenceError, float32Error } = await checkGradients(nodeRuntime, network, loss, feeds, 1e-6, options);
      expect(differenceError).toBeLessThan(1e-4);
      expect(float32Error).toBeLessThan(2e-3);
    }),
    // A fixed seed: a kink within the step of a difference would be a false alarm.
    { numRuns: 100, seed: 20240501 },
  );
});

test('training and exported forms of random networks agree on both runtimes', async () => {
  await fc.assert(
    fc.asyncProperty(shape, steps, fc.nat(1e6), async ([members, rest], list, seed) => {
      const size = [members, ...rest];
      const { network } = seeded((net) => compose(net, size, chosen(size, list, false), list));
      const feeds = feedsOf(network, seed);
      const out = network.outputs.out!;
      const training = await runForward(nodeRuntime, network, out, feeds, 'training');
      const scale = Math.max(1, ...training.map(Math.abs));
      for (const runtime of [nodeRuntime, webRuntime]) {
        const exported = await runForward(runtime, network, out, feeds, 'inference');
        exported.forEach((v, i) => {
          expect(Math.abs(v - training[i]!) / scale).toBeLessThan(1e-5);
        });
      }
    }),
    { numRuns: 60, seed: 20240502 },
  );
});

test('gradients of random networks on the WebAssembly build agree with float64', async () => {
  await fc.assert(
    fc.asyncProperty(shape, steps, fc.nat(1e6), async ([members, rest], list, seed) => {
      const size = [members, ...rest];
      const { network, loss } = seeded((net) => compose(net, size, chosen(size, list), list));
      const forms = [{ contrib: true, provider: 'wasm' as const }];
      expect(await compareForms(webRuntime, network, loss, feedsOf(network, seed), forms)).toBeLessThan(2e-3);
    }),
    { numRuns: 10, seed: 20240505 },
  );
});

const block = await blockSizeOf(nodeRuntime);
const pictures = fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 }), axis, axis, axis);

test.skipIf(block === null)('random image networks in blocked kernels agree with float64', async () => {
  await fc.assert(
    fc.asyncProperty(pictures, steps, fc.nat(1e6), async ([members, rows, channels, ...places], list, seed) => {
      // Mostly whole blocks of channels, and rows that fill a block too.
      const size = [members, rows * 4, channels === 3 ? 3 : channels * block!, ...places];
      const wide = list.map((step) => ({ ...step, width: step.width === 3 ? 3 : step.width * block! }));
      const { network, loss } = seeded((net) => compose(net, size, chosen(size, wide), wide));
      const error = await compareForms(nodeRuntime, network, loss, feedsOf(network, seed), [{ contrib: true, block }]);
      expect(error).toBeLessThan(2e-3);
    }),
    { numRuns: 20, seed: 20240504 },
  );
});
