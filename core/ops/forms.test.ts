import { expect, test } from 'vitest';
import type { Node } from '../onnx/model.ts';
import { formsFor } from './forms.ts';
import { buildCase, operatorCases } from './testing/cases.ts';
import { formNodes, seeded } from './testing/gradient-check.ts';

const training = { mode: 'training', contrib: true } as const;

test('blocked kernels are for training on the native CPU, and scatters of rows for one thread', () => {
  expect(formsFor({ ...training, block: 8 }).block).toBe(8);
  expect(formsFor({ ...training, block: 8, provider: 'wasm' }).block).toBe(null);
  expect(formsFor({ ...training, block: 8, contrib: false }).block).toBe(null);
  expect(formsFor({ mode: 'inference', contrib: true, block: 8 }).block).toBe(null);
  expect(formsFor(training).scatterRows).toBe(true);
  expect(formsFor({ ...training, threads: 2 }).scatterRows).toBe(false);
  expect(formsFor({ ...training, provider: 'webgpu' }).scatterRows).toBe(false);
  expect(formsFor({ mode: 'inference' }).scatterRows).toBe(false);
});

const axesOf = ({ attributes: { kernel_shape: kernel } }: Node): number =>
  kernel?.kind === 'ints' ? kernel.value.length : 0;

test('graphs for WebGPU hold nothing that it lacks', () => {
  const lacking = operatorCases.flatMap((c) => {
    const { network, loss } = seeded((net) => buildCase(net, c));
    return formNodes(network, loss, { contrib: true, provider: 'webgpu' }).filter(
      (n) =>
        (n.domain !== '' && n.op !== 'GatedAdd') ||
        ['LogSoftmax', 'ScatterND', 'MaxUnpool'].includes(n.op) ||
        n.outputs.length > 7 ||
        (n.op === 'ConvTranspose' && axesOf(n) === 3),
    );
  });
  expect(lacking.map((n) => `${n.domain} ${n.op}`)).toEqual([]);
});

test('exported graphs hold standard operators only', () => {
  const domains = operatorCases.flatMap((c) => {
    const { network, loss } = seeded((net) => buildCase(net, c));
    return formNodes(network, loss, { mode: 'inference', contrib: true, block: 8 }).map((n) => n.domain);
  });
  expect(new Set(domains)).toEqual(new Set(['']));
});
