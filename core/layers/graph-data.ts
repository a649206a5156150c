/** Edge lists made ready for the layers: weights by degrees, and the other two forms of a graph. */

export interface EdgeList {
  readonly nodes: number;
  readonly sources: Int32Array;
  readonly targets: Int32Array;
}

/** The list with one edge from every node to itself; edges that were such before appear once. */
export function withSelfLoops({ nodes, sources, targets }: EdgeList): EdgeList {
  const kept = Array.from(sources.keys()).filter((e) => sources[e] !== targets[e]);
  const own = Array.from({ length: nodes }, (_, i) => i);
  return {
    nodes,
    sources: Int32Array.from([...kept.map((e) => sources[e]!), ...own]),
    targets: Int32Array.from([...kept.map((e) => targets[e]!), ...own]),
  };
}

/**
 * 1 / sqrt(degree of source · degree of target) for every edge, degrees counted by targets: what graph convolutions and
 * ARMA layers weight by, and with a factor of -1 Chebyshev layers. An edge from a node that none arrives at gets 0.
 */
export function symmetricWeights({ nodes, sources, targets }: EdgeList, factor = 1): Float32Array {
  const degree = new Float64Array(nodes);
  for (const target of targets) degree[target]!++;
  return Float32Array.from(sources, (source, e) => {
    const product = degree[source]! * degree[targets[e]!]!;
    return product === 0 ? 0 : factor / Math.sqrt(product);
  });
}

/** Row-major [V, V] with a row per target; `values` are 1 where not given. Repeated edges add up. */
export function adjacencyMatrix({ nodes, sources, targets }: EdgeList, values?: Float32Array): Float32Array {
  const matrix = new Float32Array(nodes * nodes);
  targets.forEach((target, e) => {
    matrix[target * nodes + sources[e]!]! += values?.[e] ?? 1;
  });
  return matrix;
}

export interface PaddedNeighbours {
  /** Most sources of one node. */
  readonly width: number;
  /** [V, width], 0 where there are fewer. */
  readonly neighbours: BigInt64Array;
  readonly weights: Float32Array;
  /** 1 where there is a neighbour, else 0. */
  readonly present: Float32Array;
}

/** The sources of every node in the order of the edges; `values` are 1 where not given. */
export function paddedNeighbours({ nodes, sources, targets }: EdgeList, values?: Float32Array): PaddedNeighbours {
  const count = new Int32Array(nodes);
  for (const target of targets) count[target]!++;
  const width = count.reduce((a, b) => Math.max(a, b), 1);
  const neighbours = new BigInt64Array(nodes * width);
  const weights = new Float32Array(nodes * width);
  const present = new Float32Array(nodes * width);
  const filled = new Int32Array(nodes);
  targets.forEach((target, e) => {
    const at = target * width + filled[target]!++;
    neighbours[at] = BigInt(sources[e]!);
    weights[at] = values?.[e] ?? 1;
    present[at] = 1;
  });
  return { width, neighbours, weights, present };
}
