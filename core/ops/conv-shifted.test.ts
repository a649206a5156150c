/** Gradients of weights over large images, against their definition. */
import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import { sizes } from '../ir/shape.ts';
import { Random } from '../math/random.ts';
import { isShifted } from './conv-shifted.ts';
import { gradientsOf, seeded } from './testing/gradient-check.ts';
import { eachRead, outputSizes, windowOf } from './window.ts';

type Case = readonly [
  x: readonly number[],
  w: readonly number[],
  attributes: { readonly group?: number; readonly dilations?: number[]; readonly pads?: number[] },
];

const count = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

const cases: Readonly<Record<string, Case>> = {
  padded: [[1, 2, 3, 23, 24], [1, 2, 3, 3, 3], { pads: [1, 1, 1, 1] }],
  'more filters than channels': [[1, 1, 2, 26, 25], [1, 5, 2, 3, 3], { pads: [1, 1, 1, 1] }],
  'an uneven kernel': [[1, 2, 2, 26, 25], [1, 2, 2, 2, 4], { pads: [0, 3, 1, 0] }],
  'dilations and groups': [[1, 2, 4, 28, 26], [1, 4, 2, 3, 2], { group: 2, dilations: [2, 3], pads: [2, 0, 1, 1] }],
  'one row': [[1, 1, 2, 22, 25], [1, 3, 2, 1, 3], { pads: [0, 1, 0, 1] }],
  'one column': [[1, 1, 3, 25, 24], [1, 3, 3, 3, 1], {}],
  'a sequence': [[1, 2, 2, 530], [1, 3, 2, 5], { dilations: [2], pads: [4, 4] }],
};

/** Sums over images and places of what every tap reads times the gradient there. */
function wanted([xShape, wShape, attributes]: Case, x: readonly number[], seed: readonly number[]): Float64Array {
  const [, images, , ...size] = xShape as [number, number, number, ...number[]];
  const [, filters, perGroup, ...kernel] = wShape as [number, number, number, ...number[]];
  const { group = 1 } = attributes;
  const window = windowOf(kernel, attributes);
  const places = outputSizes(window, size);
  const [from, to, taps] = [count(size), count(places), count(kernel)];
  const sums = new Float64Array(count(wShape));
  eachRead(window, size, places, (at, tap, place) => {
    for (let n = 0; n < images; n++) {
      for (let m = 0; m < filters; m++) {
        for (let c = 0; c < perGroup; c++) {
          const channel = Math.floor((m * group) / filters) * perGroup + c;
          const value = x[(n * perGroup * group + channel) * from + at]!;
          sums[(m * perGroup + c) * taps + tap]! += value * seed[(n * filters + m) * to + place]!;
        }
      }
    }
  });
  return sums;
}

describe.each(Object.entries(cases))('%s', (_name, [x, w, attributes]) => {
  const { network, loss } = seeded((net) => net.apply('conv', [net.input('x', x), net.input('w', w)], attributes));
  const window = windowOf(w.slice(3), attributes);
  const random = new Random(3);
  const feeds = Object.fromEntries(
    Object.entries(network.inputs).map(([name, { shape }]) => [
      name,
      Array.from({ length: count(sizes(shape)) }, () => random.normal()),
    ]),
  );
  const exact = wanted([x, w, attributes], feeds.x!, feeds.seed!);

  test.each([
    ['natively', nodeRuntime, { contrib: true }],
    ['in WebAssembly', webRuntime, { contrib: true, provider: 'wasm' }],
    ['in forms for GPUs', nodeRuntime, { provider: 'webgpu' }],
  ] as const)('%s', async (_where, runtime, forms) => {
    expect(isShifted(w.slice(1), outputSizes(window, x), window)).toBe(true);
    const { d_w } = await gradientsOf(runtime, network, loss, feeds, forms);
    const scale = Math.max(...exact.map(Math.abs));
    expect(Math.max(...d_w!.map((v, i) => Math.abs(v - exact[i]!)))).toBeLessThan(1e-5 * scale);
  });
});

test('slices serve small images, strides, and few channels of many filters', () => {
  const plain = windowOf([3, 3], {});
  expect(isShifted([8, 8, 3, 3], [32, 32], plain)).toBe(true);
  expect(isShifted([8, 8, 3, 3], [16, 16], plain)).toBe(false);
  expect(isShifted([33, 8, 3, 3], [32, 32], plain)).toBe(false);
  expect(isShifted([8, 8, 3, 3], [32, 32], windowOf([3, 3], { strides: [2, 2] }))).toBe(false);
});
