import { expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { NetworkBuilder, networkCost } from '../ir/network.ts';
import { ShapeError } from '../ir/shape.ts';
import { Random } from '../math/random.ts';
import { runForward } from './testing/gradient-check.ts';

const random = new Random(6);
const draw = (count: number): number[] => Array.from({ length: count }, () => random.normal());

test('an exported convolution with groups, strides and padding follows the definition, for any number of rows', async () => {
  const [N, C, H, W, M, G] = [3, 4, 5, 4, 6, 2];
  const [stride, dilation, pad] = [[2, 1] as const, [1, 2] as const, [1, 0, 2, 1] as const];
  const net = new NetworkBuilder();
  const values = [net.input('x', [1, 'N', C, H, W]), net.input('w', [1, M, C / G, 2, 3]), net.input('b', [1, M])];
  const y = net.apply('conv', values, { strides: stride, dilations: dilation, pads: pad, group: G });
  const feeds = { x: draw(N * C * H * W), w: draw(M * (C / G) * 6), b: draw(M) };
  const result = await runForward(nodeRuntime, net.build(), y, feeds, 'inference', { N });
  const [OH, OW] = [4, 1];
  expect(y.shape).toEqual([1, 'N', M, OH, OW]);
  let at = 0;
  for (let n = 0; n < N; n++) {
    for (let m = 0; m < M; m++) {
      for (let oh = 0; oh < OH; oh++) {
        for (let ow = 0; ow < OW; ow++) {
          let sum = feeds.b[m]!;
          for (let c = 0; c < C / G; c++) {
            for (let i = 0; i < 2; i++) {
              for (let j = 0; j < 3; j++) {
                const h = oh * stride[0] + i * dilation[0] - pad[0];
                const w = ow * stride[1] + j * dilation[1] - pad[1];
                if (h < 0 || h >= H || w < 0 || w >= W) continue;
                const channel = Math.floor(m / (M / G)) * (C / G) + c;
                sum += feeds.x[((n * C + channel) * H + h) * W + w]! * feeds.w[((m * (C / G) + c) * 2 + i) * 3 + j]!;
              }
            }
          }
          expect(result[at++]).toBeCloseTo(sum, 4);
        }
      }
    }
  }
});

test('a chain of image operators exports with an open number of rows', async () => {
  const net = new NetworkBuilder();
  const x = net.input('x', [1, 'N', 2, 6, 6]);
  const w = net.input('w', [1, 2, 2, 2, 2]);
  let y = net.apply('conv-transpose', [x, w], { strides: [2, 2] });
  y = net.apply('max-pool', [y], { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
  y = net.apply('resize', [y], { mode: 'linear', factors: [2, 2] });
  y = net.apply('average-pool', [net.apply('pad', [y], { pads: [1, 0, 0, 1] })], { kernel: [2, 2] });
  y = net.apply('global-average-pool', [net.apply('max-pool', [y], { kernel: [2, 2] })], { axes: 2 });
  const feeds = { x: draw(3 * 72), w: draw(16) };
  const network = net.build();
  const together = await runForward(nodeRuntime, network, y, feeds, 'inference', { N: 3 });
  const second = { ...feeds, x: feeds.x.slice(72, 144) };
  const alone = await runForward(nodeRuntime, network, y, second, 'inference', { N: 1 });
  expect(together.length).toBe(6);
  alone.forEach((v, i) => {
    expect(v).toBeCloseTo(together[2 + i]!, 5);
  });
});

test('cost counts the multiply-accumulates of a group only', () => {
  const net = new NetworkBuilder();
  const x = net.input('x', [1, 2, 8, 5, 5]);
  net.apply('conv', [x, net.input('w', [1, 8, 1, 3, 3])], { group: 8, pads: [1, 1, 1, 1] });
  net.apply('conv', [x, net.input('v', [1, 4, 8, 1, 1])]);
  expect(networkCost(net.build(), {}).macs).toBe(2 * 25 * 8 * 9 + 2 * 25 * 4 * 8);
});

test('operands that do not fit are refused', () => {
  const net = new NetworkBuilder();
  const x = net.input('x', [1, 2, 3, 4, 4]);
  const w = (name: string, shape: readonly number[]) => net.input(name, shape);
  expect(() => net.apply('conv', [x, w('a', [1, 2, 2, 3, 3])])).toThrow(ShapeError);
  expect(() => net.apply('conv', [x, w('b', [1, 2, 3, 5, 5])])).toThrow(ShapeError);
  expect(() => net.apply('conv', [x, w('c', [1, 2, 3, 3, 3])], { strides: [0, 1] })).toThrow(ShapeError);
  expect(() => net.apply('conv', [x, w('d', [1, 4, 1, 3, 3])], { group: 3 })).toThrow(ShapeError);
  expect(() => net.apply('max-pool', [x], { kernel: [2, 2], pads: [2, 0, 0, 0] })).toThrow(ShapeError);
  expect(() => net.apply('conv-transpose', [x, w('e', [1, 3, 1, 2, 2])], { outputPadding: [1, 0] })).toThrow(
    ShapeError,
  );
});
