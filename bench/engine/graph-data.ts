/** A random graph with node features and classes, in the inputs of `gcnClassifier`. */
import type { Tensor } from '#core/contracts/runtime.ts';
import { Random } from '#core/math/random.ts';
import { integers } from './model.ts';

export interface GraphSizes {
  readonly nodes: number;
  readonly edges: number;
  readonly features: number;
  readonly classes: number;
  /** Nodes that the loss counts. */
  readonly known: number;
  /** Share of the features that are not 0. */
  readonly present: number;
}

export function graphData({ nodes, edges, features, classes, known, present }: GraphSizes): Record<string, Tensor> {
  const random = new Random(3);
  const x = Float32Array.from({ length: nodes * features }, () => (random.uniform() < present ? random.uniform() : 0));
  const [sources, targets] = [integers(4, [1, edges], nodes), integers(5, [1, edges], nodes)];
  const degree = new Float64Array(nodes).fill(1);
  for (const target of targets.data) degree[Number(target)]!++;
  const weights = Float32Array.from(sources.data, (source, e) => {
    return 1 / Math.sqrt(degree[Number(source)]! * degree[Number(targets.data[e]!)]!);
  });
  const y = new Float32Array(nodes * classes);
  for (let i = 0; i < nodes; i++) y[i * classes + random.integer(classes)] = 1;
  const weight = Float32Array.from({ length: nodes }, (_, i) => (i < known ? nodes / known : 0));
  return {
    x: { type: 'float32', dims: [1, nodes, features], data: x },
    sources,
    targets,
    weights: { type: 'float32', dims: [1, edges, 1], data: weights },
    y: { type: 'float32', dims: [1, nodes, classes], data: y },
    weight: { type: 'float32', dims: [1, nodes, 1], data: weight },
  };
}
