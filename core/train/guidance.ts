/**
 * Guidance by a second network: hidden layers shall resemble those of a guide, trained or random, by linear centred kernel
 * alignment (Kornblith and others 2019; Subramaniam and others 2024). The guide is frozen and left out of what is exported.
 */
import { include } from '../ir/include.ts';
import { type Network, NetworkBuilder, type Value } from '../ir/network.ts';
import { ShapeError, showShape } from '../ir/shape.ts';

/** What precedes the names of a guide's parameters. */
export const GUIDE = 'guide.';

/** Features of every row, [K, N, D], their means over rows taken out. */
function centred(net: NetworkBuilder, x: Value): Value {
  const [members, rows, ...rest] = x.shape;
  const width = rest.reduce((product: number, d) => {
    if (typeof d !== 'number') throw new ShapeError(`${showShape(x.shape)} has a size that is not known.`);
    return product * d;
  }, 1);
  const flat = rest.length === 1 ? x : net.apply('reshape', [x], { shape: [members!, rows!, width] });
  return net.apply('sub', [flat, net.apply('reduce-mean', [flat], { axes: [1] })]);
}

/** Sums of all products of two matrices [K, N, N], [K, 1, 1]. */
const inner = (net: NetworkBuilder, a: Value, b: Value): Value =>
  net.apply('reduce-sum', [net.apply('mul', [a, b])], { axes: [1, 2] });

/**
 * Linear centred kernel alignment of two sets of features [K, N, ...] of the same rows, [K, 1, 1]: 1 where one is the other
 * turned and scaled, near 0 where they say nothing about each other. By products of rows, as features are many.
 */
export function linearCka(net: NetworkBuilder, a: Value, b: Value): Value {
  const [left, right] = [a, b].map((x) => {
    const c = centred(net, x);
    return net.apply('matmul', [c, net.apply('transpose', [c], { perm: [0, 2, 1] })]);
  }) as [Value, Value];
  const [a2, b2] = [left, right].map((x) => net.apply('sqrt', [inner(net, x, x)])) as [Value, Value];
  const lengths = net.apply('mul', [a2, b2]);
  // Features that do not vary at all resemble nothing.
  const floor = net.apply('constant', [], { shape: [1, 1, 1], values: [1e-20] });
  return net.apply('div', [inner(net, left, right), net.apply('maximum', [lengths, floor])]);
}

/**
 * `network` with a loss that adds `weight` · (1 - CKA) for every pair of its outputs and the guide's. Both read inputs by
 * name; the guide's parameters are called `guide.` and their name.
 */
export function guidedNetwork(
  network: Network,
  guide: Network,
  pairs: readonly (readonly [own: string, guides: string])[],
  weight: number,
): Network {
  const net = new NetworkBuilder();
  const inputs = new Map<string, Value>();
  const own = include(net, network, inputs);
  const unused = Object.keys(guide.outputs).filter((name) => !pairs.some(([, g]) => g === name));
  const guides = include(net, guide, inputs, { prefix: GUIDE, frozen: true, without: unused });
  const { loss, ...outputs } = own;
  if (!loss) throw new RangeError('The network has no output called loss.');
  let total = loss;
  for (const [mine, theirs] of pairs) {
    const [a, b] = [own[mine], guides[theirs]];
    if (!a || !b) throw new RangeError(`There is no output called ${a ? theirs : mine}.`);
    const likeness = net.apply('reshape', [linearCka(net, a, b)], { shape: [loss.shape[0]!] });
    const one = net.apply('constant', [], { shape: [1], values: [1] });
    const distance = net.apply('sub', [one, likeness]);
    total = net.apply('add', [total, net.apply('scale', [distance], { factor: weight })]);
  }
  for (const [name, value] of Object.entries(outputs)) net.output(name, value);
  net.output('loss', total);
  return net.build();
}
