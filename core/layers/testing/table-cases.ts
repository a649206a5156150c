/** Small instances of the layers of tables, words and forecasts. */
import type { NetworkBuilder, Value } from '../../ir/network.ts';
import { embedding } from '../embedding.ts';
import { ensembleDense, separateDense } from '../ensemble-dense.ts';
import { dLinear, nLinear, reversible } from '../forecast.ts';
import { linearEmbedding, pbldEmbedding, periodicEmbedding, piecewiseEmbedding } from '../numeric-embedding.ts';
import { residualDense } from '../residual-mlp.ts';
import { wordConvolutions } from '../text.ts';
import type { LayerCase } from './check-layer.ts';

const columns = (net: NetworkBuilder): Value => net.input('x', ['K', 3, 2]);
const history = (net: NetworkBuilder): Value => net.input('x', ['K', 2, 2, 5]);

export const tableCases: Readonly<Record<string, LayerCase>> = {
  'a linear embedding of numbers': { build: (net) => linearEmbedding(net, 'e', columns(net), 3), members: 2 },
  'a periodic embedding of numbers': {
    build: (net) => periodicEmbedding(net, 'e', columns(net), { width: 3, frequencies: 2, scale: 0.2 }),
    members: 2,
  },
  'mixed cosines of numbers': {
    build: (net) => pbldEmbedding(net, 'e', columns(net), { frequencies: 4, mixes: 2, scale: 0.2 }),
  },
  'a piecewise-linear embedding of numbers': {
    build: (net) =>
      piecewiseEmbedding(
        net,
        'e',
        columns(net),
        [
          [-1, 0.3, 1],
          [-0.4, 0.8],
        ],
        2,
      ),
    members: 2,
  },
  'an embedding of categories': {
    build: (net) => embedding(net, 'e', net.input('i', [1, 2, 3], 'int64'), 4, 2),
    fixed: { i: [0, 3, 3, 1, 0, 2] },
    members: 2,
  },
  'a residual block of dense layers': {
    build: (net) => residualDense(net, 'r', columns(net), { hidden: 3, hiddenDropout: 0.2, dropout: 0.1 }),
    members: 2,
  },
  'dense layers of an ensemble': {
    build: (net) => {
      const x = net.input('x', ['K', 1, 2, 3]);
      return separateDense(net, 'h', ensembleDense(net, 'e', x, 2, { members: 2, first: { kind: 'signs' } }), 2);
    },
    members: 2,
  },
  'convolutions over words': {
    build: (net) => wordConvolutions(net, 'w', net.input('x', ['K', 2, 4, 2]), { windows: [1, 3], filters: 2 }),
  },
  'a linear map above the last value': { build: (net) => nLinear(net, 'f', history(net), 3), members: 2 },
  'linear maps of trend and rest': { build: (net) => dLinear(net, 'f', history(net), 2, 3) },
  'reversible normalisation': {
    build: (net) => reversible(net, 'r', history(net), (normal) => nLinear(net, 'f', normal, 2)),
  },
};
