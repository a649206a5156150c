/** Layered layout of a small directed graph: columns from left to right, few crossings, no dependencies. */

export interface LayoutNode {
  readonly id: string;
}
export interface LayoutEdge {
  readonly from: string;
  readonly to: string;
  readonly label?: string | undefined;
}

export interface Placed<N extends LayoutNode> {
  readonly node: N;
  readonly layer: number;
  /** Place within the layer, from the top. */
  readonly index: number;
  /** Centre left and top of the box, in the drawing's units. */
  readonly x: number;
  readonly y: number;
}

export interface GraphLayout<N extends LayoutNode> {
  readonly placed: readonly Placed<N>[];
  /** Width and height of the whole drawing. */
  readonly width: number;
  readonly height: number;
}

export interface LayoutSize {
  readonly nodeWidth: number;
  readonly nodeHeight: number;
  readonly gapX: number;
  readonly gapY: number;
}

/** Longest path from a source; edges of a cycle are ignored once they would lead back. */
function layersOf(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): Map<string, number> {
  const layers = new Map(nodes.map((node) => [node.id, 0]));
  for (let pass = 0; pass < nodes.length; pass++) {
    let moved = false;
    for (const { from, to } of edges) {
      const next = (layers.get(from) ?? 0) + 1;
      if (layers.has(to) && next > (layers.get(to) ?? 0) && next < nodes.length) {
        layers.set(to, next);
        moved = true;
      }
    }
    if (!moved) break;
  }
  return layers;
}

/** Orders each layer by the mean place of its neighbours in the layer before, twice there and back. */
function orderLayers(layers: string[][], edges: readonly LayoutEdge[]): void {
  const place = new Map<string, number>();
  const remember = (layer: string[]) => {
    for (const [index, id] of layer.entries()) place.set(id, index / Math.max(1, layer.length - 1));
  };
  layers.forEach(remember);
  const mean = (id: string, forward: boolean) => {
    const near = edges.filter((edge) => (forward ? edge.to : edge.from) === id).map((e) => (forward ? e.from : e.to));
    return near.length === 0
      ? (place.get(id) ?? 0)
      : near.reduce((sum, one) => sum + (place.get(one) ?? 0), 0) / near.length;
  };
  for (let sweep = 0; sweep < 4; sweep++) {
    const forward = sweep % 2 === 0;
    for (const layer of forward ? layers : [...layers].reverse()) {
      const key = new Map(layer.map((id, index) => [id, [mean(id, forward), index] as const]));
      layer.sort((a, b) => key.get(a)![0] - key.get(b)![0] || key.get(a)![1] - key.get(b)![1]);
      remember(layer);
    }
  }
}

export function layoutGraph<N extends LayoutNode>(
  nodes: readonly N[],
  edges: readonly LayoutEdge[],
  size: LayoutSize,
): GraphLayout<N> {
  const layerOf = layersOf(nodes, edges);
  const count = Math.max(0, ...layerOf.values()) + (nodes.length > 0 ? 1 : 0);
  const layers = Array.from({ length: count }, (_, layer) =>
    nodes.filter((node) => layerOf.get(node.id) === layer).map((node) => node.id),
  );
  orderLayers(layers, edges);
  const step = size.nodeHeight + size.gapY;
  const tallest = Math.max(1, ...layers.map((layer) => layer.length));
  const height = tallest * step - size.gapY;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const placed = layers.flatMap((layer, at) =>
    layer.map((id, index) => ({
      node: byId.get(id)!,
      layer: at,
      index,
      x: at * (size.nodeWidth + size.gapX),
      y: (height - (layer.length * step - size.gapY)) / 2 + index * step,
    })),
  );
  return { placed, width: Math.max(0, count * (size.nodeWidth + size.gapX) - size.gapX), height };
}

/** The node that an arrow key leads to: along an edge sideways, within the layer up and down; undefined for other keys. */
export function neighbourOf<N extends LayoutNode>(
  layout: GraphLayout<N>,
  edges: readonly LayoutEdge[],
  from: Placed<N>,
  key: string,
): string | undefined {
  const { id } = from.node;
  const inLayer = (index: number) => layout.placed.find((p) => p.layer === from.layer && p.index === index)?.node.id;
  if (key === 'ArrowUp') return inLayer(from.index - 1) ?? id;
  if (key === 'ArrowDown') return inLayer(from.index + 1) ?? id;
  if (key === 'ArrowLeft') return edges.find((edge) => edge.to === id)?.from ?? id;
  if (key === 'ArrowRight') return edges.find((edge) => edge.from === id)?.to ?? id;
  return undefined;
}
