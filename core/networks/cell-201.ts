/** Image networks of one repeated cell (Dong and Yang 2020, section 2). */
import { type Network, NetworkBuilder, type Value } from '../ir/network.ts';
import { activated } from '../layers/activation.ts';
import { batchNorm } from '../layers/batch-norm.ts';
import { dense } from '../layers/dense.ts';
import { channelsOf, convBlock, convolution, residualBlock } from '../layers/image.ts';
import { type Cell201Operation, cell201Edges, edgeName } from '../spaces/cell-201.ts';
import type { Design } from '../spaces/space.ts';
import { classify } from './outputs.ts';

export interface Cell201Sizes {
  readonly channels: number;
  readonly size: readonly [number, number];
  /** Channels of the first stage; each of three stages has twice as many at half the size. */
  readonly width: number;
  /** Cells of a stage; 5 in the paper. */
  readonly cells: number;
  readonly classes: number;
}

/** What an edge brings; null where it brings nothing. */
function edge(net: NetworkBuilder, name: string, x: Value | null, operation: Cell201Operation): Value | null {
  if (x === null || operation === 'none') return null;
  if (operation === 'skip') return x;
  if (operation === 'pool3')
    return net.apply('average-pool', [x], { kernel: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] });
  const kernel = operation === 'conv1' ? 1 : 3;
  const convolved = convolution(net, name, net.apply('relu', [x]), channelsOf(x), { kernel });
  return batchNorm(net, `${name}.norm`, convolved);
}

/** A cell whose output nothing reaches puts out zeros. */
function cell(net: NetworkBuilder, name: string, x: Value, design: Design): Value {
  const nodes: (Value | null)[] = [x, null, null, null];
  for (const between of cell201Edges) {
    const [from, to] = between;
    const operation = design[edgeName(between)] as Cell201Operation;
    const brought = edge(net, `${name}.${from}${to}`, nodes[from]!, operation);
    const sum = nodes[to]!;
    if (brought) nodes[to] = sum ? net.apply('add', [sum, brought]) : brought;
  }
  return nodes[3] ?? net.apply('scale', [x], { factor: 0 });
}

/** Input `x` [K, N, channels, height, width]; ends as in `classify`. */
export function cell201(design: Design, { channels, size, width, cells, classes }: Cell201Sizes): Network {
  const net = new NetworkBuilder();
  let h = convBlock(net, 'stem', net.input('x', ['K', 'N', channels, ...size]), width, { activation: 'none' });
  for (let stage = 0; stage < 3; stage++) {
    if (stage > 0) h = residualBlock(net, `reduce${stage}`, h, width * 2 ** stage, { stride: 2 });
    for (let i = 0; i < cells; i++) h = cell(net, `cell${stage}${i}`, h, design);
  }
  h = activated(net, batchNorm(net, 'last', h), 'relu');
  classify(net, dense(net, 'head', net.apply('global-average-pool', [h], { axes: 2 }), classes));
  return net.build();
}
