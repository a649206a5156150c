import { expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { NetworkBuilder } from '../ir/network.ts';
import { ShapeError } from '../ir/shape.ts';
import { Random } from '../math/random.ts';
import { checkGradients, runForward } from './testing/gradient-check.ts';

const attributes = { axes: [1], epsilon: 0.01 };

function build() {
  const net = new NetworkBuilder();
  const x = net.input('x', [1, 4, 2]);
  const statistics = [net.input('mean', [1, 1, 2]), net.input('variance', [1, 1, 2])];
  const y = net.apply('batch-norm', [x, ...statistics], attributes);
  net.output('y', y);
  return { network: net.build(), y };
}

const x = [1, 10, 2, 20, 3, 30, 6, 40];
const expected = (mean: readonly number[], variance: readonly number[]): number[] =>
  x.map((v, i) => (v - mean[i % 2]!) / Math.sqrt(variance[i % 2]! + 0.01));
const close = (a: readonly number[], b: readonly number[]): void => {
  a.forEach((v, i) => {
    expect(v).toBeCloseTo(b[i]!, 5);
  });
};

test('training takes statistics from the batch, inference from the inputs', async () => {
  const { network, y } = build();
  const feeds = { x, mean: [2, 5], variance: [4, 100] };
  close(await runForward(nodeRuntime, network, y, feeds, 'training'), expected([3, 25], [3.5, 125]));
  close(await runForward(nodeRuntime, network, y, feeds, 'inference'), expected([2, 5], [4, 100]));
});

test('with the statistics of the batch itself both forms agree', async () => {
  const { network, y } = build();
  const feeds = { x, mean: [3, 25], variance: [3.5, 125] };
  const training = await runForward(nodeRuntime, network, y, feeds, 'training');
  close(await runForward(nodeRuntime, network, y, feeds, 'inference'), training);
});

test('with scale and shift both forms agree, and gradients with central differences', async () => {
  const net = new NetworkBuilder();
  const [members, channels] = [2, 3];
  const wide = [members, 4, channels, 2];
  const input = net.input('x', wide);
  const perChannel = ['mean', 'variance', 'scale', 'shift'].map((name) => net.input(name, [members, 1, channels, 1]));
  const y = net.apply('batch-norm', [input, ...perChannel], { axes: [1, 3], epsilon: 0.1 });
  const loss = net.apply('mul', [y, net.input('seed', wide)]);
  const random = new Random(4);
  const draw = (count: number): number[] => Array.from({ length: count }, () => random.normal());
  const feeds = { x: draw(48), mean: draw(6), variance: draw(6), scale: draw(6), shift: draw(6), seed: draw(48) };
  const groups = Array.from({ length: 6 }, (_, g) =>
    feeds.x.filter((_, i) => Math.floor(i / 24) * 3 + (Math.floor(i / 2) % 3) === g),
  );
  feeds.mean = groups.map((g) => g.reduce((a, b) => a + b, 0) / 8);
  feeds.variance = groups.map((g, i) => g.reduce((a, b) => a + (b - feeds.mean[i]!) ** 2, 0) / 8);
  const network = net.build();
  close(
    await runForward(nodeRuntime, network, y, feeds, 'inference'),
    await runForward(nodeRuntime, network, y, feeds, 'training'),
  );
  const check = await checkGradients(nodeRuntime, network, loss, feeds);
  expect(check.differenceError).toBeLessThan(1e-7);
  expect(check.float32Error).toBeLessThan(1e-5);
});

test('statistics must come in pairs and fit', () => {
  const net = new NetworkBuilder();
  const input = net.input('x', [1, 4, 2]);
  const narrow = net.input('narrow', [1, 1, 1]);
  expect(() => net.apply('batch-norm', [input, net.input('mean', [1, 1, 2])], attributes)).toThrow(ShapeError);
  expect(() => net.apply('batch-norm', [input, narrow, narrow], attributes)).toThrow(ShapeError);
});
