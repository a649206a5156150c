/** Small instances of what reads sequences and graphs of different sizes. */
import type { NetworkBuilder, Value } from '../../ir/network.ts';
import { multiHeadAttention } from '../attention.ts';
import { gin } from '../graph-convolution.ts';
import { absenceBias, lastPresent, maskedMean } from '../masked.ts';
import { readout, readouts } from '../readout.ts';
import { recurrent } from '../recurrent.ts';
import type { LayerCase } from './check-layer.ts';

/** Three places: all there, one, none. */
const fixed = { c1: [1, 1, 1, 1, 0, 0, 0, 0, 0] };
const x = (net: NetworkBuilder): Value => net.input('x', ['K', 3, 3, 4]);
const present = (net: NetworkBuilder): Value => net.input('c1', [1, 3, 3, 1]);
/** Graphs 0, 2 and 1; graph 3 has no nodes. */
const graphs = (net: NetworkBuilder) => ({ graphs: net.input('graphs', [1, 5], 'int64'), count: 4 });

export const maskedCases: Readonly<Record<string, LayerCase>> = {
  ...Object.fromEntries(
    readouts.flatMap((kind): [string, LayerCase][] => [
      [
        `readout of padded graphs: ${kind}`,
        { build: (net) => readout(net, 'r', x(net), { present: present(net) }, kind), fixed, members: 2 },
      ],
      [
        `readout of listed graphs: ${kind}`,
        {
          build: (net) => readout(net, 'r', net.input('x', ['K', 5, 2]), graphs(net), kind),
          fixed: { graphs: [0, 0, 2, 1, 2] },
          members: 2,
        },
      ],
    ]),
  ),
  'state of an LSTM after sequences that end early': {
    build: (net) => lastPresent(net, recurrent(net, 'r', x(net), 'lstm', 2), present(net)),
    fixed,
    members: 2,
  },
  'mean of attention that reads what is there': {
    build: (net) => {
      const there = present(net);
      const bias = absenceBias(net, there, 2);
      return maskedMean(net, multiHeadAttention(net, 'a', x(net), { heads: 2, bias }), there);
    },
    fixed,
  },
  'graph isomorphism over a batch of graphs': {
    build: (net) => gin(net, 'l', x(net), { adjacency: net.input('adjacency', ['K', 3, 3, 3]) }, 2),
    members: 2,
  },
};
