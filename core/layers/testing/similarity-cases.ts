/** Small instances of the layers that compare. */
import type { NetworkBuilder, Value } from '../../ir/network.ts';
import { giou, infoNce, triplet } from '../similarity.ts';
import type { LayerCase } from './check-layer.ts';

const rows = (net: NetworkBuilder, name: string): Value => net.input(name, ['K', 4, 2]);

export const similarityCases: Readonly<Record<string, LayerCase>> = {
  InfoNCE: {
    build: (net) => infoNce(net, rows(net, 'x'), rows(net, 'b'), net.input('c0', ['K', 4, 4]), 0.5),
    fixed: { c0: Array.from({ length: 32 }, (_, i) => (Math.floor(i / 4) % 4 === i % 4 ? 1 : 0)) },
    members: 2,
  },
  'the triplet loss': {
    build: (net) => triplet(net, rows(net, 'x'), rows(net, 'p'), rows(net, 'n'), net.input('margin', [1, 1, 1])),
    members: 2,
  },
  'generalised intersection over union': {
    build: (net) => giou(net, net.input('a', [1, 2, 4]), net.input('b', [1, 2, 4])),
    fixed: { a: [0, 0, 2, 2.1, 0, 0, 2.2, 2], b: [0.1, 0.2, 2.3, 2, 1, 1.1, 3, 3.1] },
  },
};
