/** Small instances of the layers of graphs, in each form of a graph. */
import type { NetworkBuilder, Value } from '../../ir/network.ts';
import type { Graph } from '../graph.ts';
import { gat } from '../graph-attention.ts';
import { gcn, gin, sage, sagePool } from '../graph-convolution.ts';
import { adjacencyMatrix, type EdgeList, paddedNeighbours, symmetricWeights, withSelfLoops } from '../graph-data.ts';
import { arma, chebyshev } from '../spectral.ts';
import type { LayerCase } from './check-layer.ts';

/** Node 4 has no neighbour. */
const bare: EdgeList = {
  nodes: 5,
  sources: Int32Array.of(1, 2, 0, 3, 2),
  targets: Int32Array.of(0, 0, 1, 2, 3),
};

/** What a layer wants of its graph: self-loops or not, and weights by degrees, their negatives, or none. */
export interface GraphNeeds {
  readonly loops: boolean;
  readonly factor: 1 | -1 | null;
}

export const graphForms = ['edges', 'neighbours', 'adjacency'] as const;
export type GraphForm = (typeof graphForms)[number];

/** The example graph as inputs of a network, and what to feed them. */
export function exampleGraph(form: GraphForm, { loops, factor }: GraphNeeds) {
  const list = loops ? withSelfLoops(bare) : bare;
  const { nodes } = list;
  const count = list.sources.length;
  const ones = new Float32Array(count).fill(1);
  const weights = factor === null ? ones : symmetricWeights(list, factor);
  const { width, neighbours, present, weights: perPlace } = paddedNeighbours(list, weights);
  const inputs = (net: NetworkBuilder): Graph => {
    if (form === 'edges') {
      return {
        sources: net.input('sources', [1, count], 'int64'),
        targets: net.input('targets', [1, count], 'int64'),
        ...(factor !== null ? { weights: net.input('weights', [1, count, 1]) } : {}),
      };
    }
    if (form === 'adjacency') {
      return { adjacency: net.input('weights', [1, nodes, nodes]), present: net.input('c1', [1, nodes, nodes]) };
    }
    const table = [1, nodes, width];
    return {
      neighbours: net.input('neighbours', table, 'int64'),
      weights: net.input('weights', table),
      present: net.input('c1', table),
    };
  };
  const dense = form === 'adjacency';
  const fixed: Record<string, readonly number[]> = {
    sources: [...list.sources],
    targets: [...list.targets],
    neighbours: Array.from(neighbours, Number),
    weights: [...(form === 'edges' ? weights : dense ? adjacencyMatrix(list, weights) : perPlace)],
    c1: [...(dense ? adjacencyMatrix(list, ones) : present)],
  };
  return { inputs, fixed };
}

const nodes = (net: NetworkBuilder): Value => net.input('x', ['K', bare.nodes, 2]);

interface GraphLayer {
  readonly needs: GraphNeeds;
  readonly build: (net: NetworkBuilder, x: Value, graph: Graph) => Value;
}

const plain: GraphNeeds = { loops: true, factor: null };

export const graphLayers: Readonly<Record<string, GraphLayer>> = {
  'graph convolution': { needs: { loops: true, factor: 1 }, build: (net, x, graph) => gcn(net, 'l', x, graph, 3) },
  'GraphSAGE of means': { needs: plain, build: (net, x, graph) => sage(net, 'l', x, graph, 2) },
  'GraphSAGE of maxima': { needs: plain, build: (net, x, graph) => sagePool(net, 'l', x, graph, 2) },
  'graph isomorphism': { needs: plain, build: (net, x, graph) => gin(net, 'l', x, graph, 2) },
  'graph attention': {
    needs: plain,
    build: (net, x, graph) => gat(net, 'l', x, graph, { heads: 2, width: 2, dropout: 0.2 }),
  },
  'graph attention with the mean of heads': {
    needs: plain,
    build: (net, x, graph) => gat(net, 'l', x, graph, { heads: 2, width: 2, join: 'mean' }),
  },
  'a Chebyshev convolution': {
    needs: { loops: false, factor: -1 },
    build: (net, x, graph) => chebyshev(net, 'l', x, graph, 2, 3),
  },
  'an ARMA layer': {
    needs: { loops: false, factor: 1 },
    build: (net, x, graph) => arma(net, 'l', x, graph, { width: 2, stacks: 2, layers: 2, dropout: 0.2 }),
  },
};

export function graphCase(name: string, form: GraphForm): LayerCase {
  const { needs, build } = graphLayers[name]!;
  const { inputs, fixed } = exampleGraph(form, needs);
  return { build: (net) => build(net, nodes(net), inputs(net)), fixed, members: 2 };
}

export const graphCases: Readonly<Record<string, LayerCase>> = Object.fromEntries(
  Object.keys(graphLayers).flatMap((name) =>
    graphForms.map((form) => [`${name} over ${form}`, graphCase(name, form)] as const),
  ),
);
