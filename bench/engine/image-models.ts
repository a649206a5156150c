/** Models of images. */
import { NetworkBuilder, type Value } from '#core/ir/network.ts';
import { convBlock, convolution, residualBlock, upBlock } from '#core/layers/image.ts';
import { learnedPositions, transformerBlock } from '#core/layers/transformer.ts';
import { type BenchModel, classified, classifying, convolved, dense, normals } from './model.ts';

const halved = (net: NetworkBuilder, x: Value): Value => net.apply('max-pool', [x], { kernel: [2, 2] });

/** 28x28x1, two 3x3 convolutions of 32 and 64 channels, each pooled by 2, then 128 units and 10 classes, batch 128. */
export function cnn(): BenchModel {
  const net = new NetworkBuilder();
  let h = net.input('x', ['K', 'N', 1, 28, 28]);
  h = net.apply('relu', [halved(net, convolved(net, 'a', h, 32))]);
  h = net.apply('relu', [halved(net, convolved(net, 'b', h, 64))]);
  const flat = net.apply('reshape', [h], { shape: ['K', 'N', 64 * 7 * 7] });
  const logits = dense(net, 'd', net.apply('relu', [dense(net, 'c', flat, 128)]), 10);
  return classified(classifying(net, logits), { batch: 128, rows: 1024, dims: [1, 28, 28], classes: 10 });
}

/** 14x14x32, a depthwise 3x3 and a pointwise convolution to 64 channels, global pool, 10 classes, batch 128. */
export function depthwise(): BenchModel {
  const net = new NetworkBuilder();
  let h = net.input('x', ['K', 'N', 32, 14, 14]);
  h = net.apply('relu', [convolved(net, 'a', h, 32, 3, 32)]);
  h = net.apply('relu', [convolved(net, 'b', h, 64, 1)]);
  const logits = dense(net, 'c', net.apply('global-average-pool', [h], { axes: 2 }), 10);
  return classified(classifying(net, logits), { batch: 128, rows: 1024, dims: [32, 14, 14], classes: 10 });
}

/** ResNet-8 on 32x32x3: a convolution and three blocks of 16, 32 and 64 channels with batch norm, batch 64. */
export function resnet8(): BenchModel {
  const net = new NetworkBuilder();
  let h = convBlock(net, 'stem', net.input('x', ['K', 'N', 3, 32, 32]), 16);
  h = residualBlock(net, 'a', h, 16);
  h = residualBlock(net, 'b', h, 32, { stride: 2 });
  h = residualBlock(net, 'c', h, 64, { stride: 2 });
  const logits = dense(net, 'head', net.apply('global-average-pool', [h], { axes: 2 }), 10);
  return classified(classifying(net, logits), { batch: 64, rows: 512, dims: [3, 32, 32], classes: 10 });
}

/** U-Net on 128x128x3: 16, 32, 64 and 128 channels with batch norm, a logit per pixel, batch 4. */
export function unet(): BenchModel {
  const [side, batch, rows] = [128, 4, 32];
  const net = new NetworkBuilder();
  const twice = (name: string, x: Value, width: number): Value =>
    convBlock(net, `${name}.2`, convBlock(net, `${name}.1`, x, width), width);
  const skips: Value[] = [];
  let h = net.input('x', ['K', 'N', 3, side, side]);
  for (const width of [16, 32, 64]) {
    h = twice(`down${width}`, h, width);
    skips.push(h);
    h = halved(net, h);
  }
  h = twice('deep', h, 128);
  for (const width of [64, 32, 16]) h = upBlock(net, `up${width}`, h, skips.pop()!, width);
  const pixels = side * side;
  const logits = net.apply('reshape', [convolution(net, 'out.w', h, 1, { kernel: 1 })], { shape: ['K', 'N', pixels] });
  const loss = net.apply('bce', [logits, net.input('y', ['K', 'N', pixels])], { smoothing: 0 });
  net.output('loss', net.apply('scale', [loss], { factor: 1 / pixels }));
  const y = normals(2, [rows, pixels]);
  const mask = Float32Array.from(y.data as Float32Array, (v) => (v > 1 ? 1 : 0));
  const data = { x: normals(1, [rows, 3, side, side]), y: { ...y, data: mask } };
  return { network: net.build(), kinds: { x: 'rows', y: 'rows' }, data, batch, rows };
}

/** Vision transformer on 32x32x3: 64 patches of 4x4, width 64, four blocks of four heads, mean, 10 classes, batch 64. */
export function vit(): BenchModel {
  const width = 64;
  const net = new NetworkBuilder();
  const x = net.input('x', ['K', 'N', 3, 32, 32]);
  const filters = net.parameter('patch', ['K', width, 3, 4, 4], { kind: 'normal', deviation: Math.sqrt(1 / 48) });
  const cut = net.apply('conv', [x, filters], { strides: [4, 4] });
  const tokens = net.apply('transpose', [net.apply('reshape', [cut], { shape: ['K', 'N', width, 64] })], {
    perm: [0, 1, 3, 2],
  });
  let h = learnedPositions(net, 'positions', tokens);
  for (const block of [1, 2, 3, 4]) h = transformerBlock(net, `t${block}`, h, { heads: 4, hidden: 128 });
  const mean = net.apply('reshape', [net.apply('reduce-mean', [h], { axes: [2] })], { shape: ['K', 'N', width] });
  const network = classifying(net, dense(net, 'head', mean, 10));
  return classified(network, { batch: 64, rows: 512, dims: [3, 32, 32], classes: 10 });
}
