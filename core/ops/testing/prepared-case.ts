/** A case of an operator as a network with drawn data. */
import type { Network, Value } from '../../ir/network.ts';
import { sizes } from '../../ir/shape.ts';
import { Random } from '../../math/random.ts';
import { buildCase, drawData, isConstant, type OperatorCase } from './cases.ts';
import { type Feeds, seeded } from './gradient-check.ts';

export const caseName = (c: OperatorCase): string =>
  `${c.op} ${JSON.stringify(c.shapes)} ${JSON.stringify(c.attributes ?? {})}`;

/** The network of a case, its output, the output times a seed, and data for every input. */
export function prepareCase(c: OperatorCase): { network: Network; loss: Value; out: Value; feeds: Feeds } {
  const { network, loss } = seeded((net) => buildCase(net, c));
  const random = new Random(c.shapes.length * 101 + c.op.length);
  const uniform = () => random.uniform();
  const feeds: Record<string, number[]> = {};
  c.shapes.forEach((shape, i) => {
    feeds[`${isConstant(c.op, i) ? 'c' : 'x'}${i}`] = drawData(c.kinds?.[i], sizes(shape), uniform);
  });
  feeds.seed = drawData('signed', sizes(network.inputs.seed!.shape), uniform);
  return { network, loss, out: network.outputs.out!, feeds };
}
