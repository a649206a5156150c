/**
 * The blocked layout of onnxruntime's x86-64 kernels (com.microsoft.nchwc): a value [K, N, C, ...size] of one or two
 * spatial axes whose memory is [K, N, C/B, ...size, B]. It keeps its nominal shape, so that arithmetic between values of
 * one shape, joining along channels and slicing members need no change. C is a multiple of B.
 */
import type { Runtime } from '../contracts/runtime.ts';
import { type Shape, sizes } from '../ir/shape.ts';
import type { AttributeValue } from '../onnx/attributes.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import type { Emitter } from './emitter.ts';
import type { Layout, Layouts, Placed } from './operator.ts';

const DOMAIN = 'com.microsoft.nchwc';

/**
 * Channels of a block on this machine (8 with AVX2, 16 with AVX-512), or null where the runtime has no blocked kernels,
 * which it says by refusing the graph.
 */
export async function blockSizeOf(runtime: Runtime): Promise<number | null> {
  const graph = new GraphBuilder('probe');
  const x = graph.input('x', 'float32', [1, 4, 1, 1]);
  graph.output('y', 'float32', null, graph.node('ReorderInput', [x], {}, { domain: DOMAIN }));
  try {
    const session = await runtime.createSession(graph.toBytes());
    const { y } = await session.run({ x: { type: 'float32', dims: [1, 4, 1, 1], data: new Float32Array(4) } });
    await session.dispose();
    return y!.dims[1]! > 1 ? y!.dims[1]! : null;
  } catch {
    return null;
  }
}

/** Whether a value of this shape has a blocked form. */
export const hasBlocks = (block: number, shape: Shape): boolean =>
  (shape.length === 4 || shape.length === 5) && typeof shape[2] === 'number' && shape[2] % block === 0;

const isOne = (shape: Shape): boolean => shape.every((d) => d === 1);

/** Layouts of an operator that works element by element and keeps what it is given: blocked where its operand is. */
export const keepLayout = (_block: number, [x]: readonly Placed[]): Layouts | null =>
  x!.layout === 'blocked' ? { inputs: ['blocked'], output: 'blocked' } : null;

/**
 * Layouts of arithmetic that broadcasts: blocked where an operand of the full shape is. One number per row is read as it
 * is, one per channel is spread over the places, since it would broadcast in runs of a block; anything else is not done.
 */
export function broadcastLayouts(block: number, operands: readonly Placed[], output: Shape): Layouts | null {
  const full = (shape: Shape): boolean => shape.length === output.length && shape.every((d, i) => d === output[i]);
  if (!hasBlocks(block, output) || !operands.some((o) => o.layout === 'blocked' && full(o.shape))) return null;
  const inputs = operands.map(({ shape }): Layout | null => {
    if (full(shape)) return 'blocked';
    if (isOne(shape.slice(-(output.length - 2))) && shape.length <= output.length) return 'plain';
    const perChannel = shape.length === output.length && shape[2] === output[2] && isOne(shape.slice(3));
    return perChannel ? 'spread' : null;
  });
  return inputs.every((l) => l !== null) ? { inputs, output: 'blocked' } : null;
}

/** `[K·N, C, H, W]`; a single spatial axis is a row. */
export function imageOf(shape: Shape): [number, number, number, number] {
  const [members, rows, channels, ...size] = sizes(shape) as [number, number, number, ...number[]];
  const [height, width] = size.length === 1 ? [1, size[0]!] : [size[0]!, size[1]!];
  return [members * rows, channels, height!, width!];
}

/** Conversions of one graph; each value is converted once. */
export class Blocks {
  readonly size: number;
  private readonly e: Emitter;
  private readonly blockedOf = new Map<string, string>();
  private readonly plainOf = new Map<string, string>();

  constructor(e: Emitter, size: number) {
    this.e = e;
    this.size = size;
  }

  /** A com.microsoft.nchwc node. */
  op(name: string, inputs: readonly string[], attributes: Readonly<Record<string, AttributeValue>> = {}): string {
    return this.e.graph.node(name, inputs, attributes, { domain: DOMAIN });
  }

  toBlocked(x: string, shape: Shape): string {
    const known = this.blockedOf.get(x);
    if (known !== undefined) return known;
    const blocked = this.e.reshape(this.op('ReorderInput', [this.e.reshape(x, imageOf(shape))]), shape);
    this.pair(x, blocked);
    return blocked;
  }

  toPlain(x: string, shape: Shape): string {
    const known = this.plainOf.get(x);
    if (known !== undefined) return known;
    const image = imageOf(shape);
    const plain = this.e.reshape(this.op('ReorderOutput', [this.e.reshape(x, image)], { channels: image[1] }), shape);
    this.pair(plain, x);
    return plain;
  }

  private pair(plain: string, blocked: string): void {
    this.blockedOf.set(plain, blocked);
    this.plainOf.set(blocked, plain);
  }

  /** One number per channel [k, n, C, 1, ...] at every place, blocked: [k, n, C, ...size]. */
  spread(x: string, shape: Shape, size: readonly number[]): string {
    const [height, width] = size.length === 1 ? [1, size[0]!] : [size[0]!, size[1]!];
    const wide = this.op('Upsample', [this.e.reshape(x, imageOf(shape))], { scales: [1, 1, height!, width!] });
    return this.e.reshape(wide, [...shape.slice(0, 3), ...size]);
  }

  /** Sum over the places of a blocked value, as a plain [K, N, C, 1, ...]: what undoes `spread`. */
  sumPlaces(x: string, shape: Shape): string {
    const [rows, channels, height, width] = imageOf(shape);
    const flat = [(rows * channels) / this.size, height * width, this.size];
    const sum = this.e.sumTo(this.e.reshape(x, flat), flat, [flat[0]!, 1, this.size]);
    return this.e.reshape(sum, [...shape.slice(0, 3), ...shape.slice(3).map(() => 1)]);
  }

  /** Sum over rows and places of a blocked value, as a plain [K, 1, C, 1, ...]: rows first, which is one fast pass. */
  sumChannels(x: string, shape: Shape): string {
    const one = shape.map((d, i) => (i === 1 ? 1 : d));
    return this.sumPlaces(this.e.sumTo(x, shape, one), one);
  }

  /** scale · x, plus `shift`, per channel of one member, plus `sum`: in one pass, as a depthwise convolution of one tap. */
  affine(x: string, shape: Shape, scale: string, shift: string, sum?: string): string {
    const image = imageOf(shape);
    const channels = image[1];
    const inputs = [
      this.e.reshape(x, image),
      this.e.reshape(scale, [channels, 1, 1, 1]),
      this.e.reshape(shift, [channels]),
      ...(sum === undefined ? [] : [this.e.reshape(sum, image)]),
    ];
    return this.e.reshape(this.op('Conv', inputs, { ...tap, kernel_shape: [1, 1], group: channels }), shape);
  }

  /**
   * Sum of x · y over rows and places of one member, as a plain [1, 1, C, 1, ...]: every channel convolved with the other
   * value as its filter, some places at a time, since the kernel adds up one after the other.
   */
  dotChannels(x: string, y: string, shape: Shape): string {
    const [rows, channels, height, width] = imageOf(shape);
    const run = runOf(height * width);
    const runs = (height * width) / run;
    const parts = rows * channels * runs;
    const [image, filter] = [this.e.reshape(x, [1, parts, 1, run]), this.e.reshape(y, [parts, 1, 1, run])];
    const products = this.op('Conv', [image, filter], { ...tap, kernel_shape: [1, run], group: parts });
    const sums = [...shape.slice(0, 3), runs, ...shape.slice(4).map(() => 1)];
    return this.sumChannels(this.e.reshape(products, sums), sums);
  }
}

const tap = { strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0] };

/** The longest run of at most 512 places that divides all; where there is none to speak of, all. */
function runOf(places: number): number {
  for (let run = Math.min(places, 512); run >= 16; run--) if (places % run === 0) return run;
  return places;
}
