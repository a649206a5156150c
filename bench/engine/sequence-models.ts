/** Models of rows, sequences and graphs. */
import { NetworkBuilder } from '#core/ir/network.ts';
import { attention as attend } from '#core/layers/attention.ts';
import { messages } from '#core/layers/graph.ts';
import { layerNorm } from '#core/layers/norm.ts';
import { Random } from '#core/math/random.ts';
import { type BenchModel, classified, classifying, dense, integers } from './model.ts';

/** 20-128-128-2 with ReLU, batch 128, 10,000 rows. */
export function mlp(): BenchModel {
  const net = new NetworkBuilder();
  let h = net.input('x', ['K', 'N', 20]);
  for (const layer of ['1', '2']) h = net.apply('relu', [dense(net, layer, h, 128)]);
  return classified(classifying(net, dense(net, '3', h, 2)), { batch: 128, rows: 10_000, dims: [20], classes: 2 });
}

/** 64 units over 32 steps of 16 inputs, the last state to 2 classes, batch 128. */
export function lstm(): BenchModel {
  const [steps, inputs, hidden] = [32, 16, 64];
  const net = new NetworkBuilder();
  const x = net.apply('transpose', [net.input('x', ['K', 'N', steps, inputs])], { perm: [0, 2, 1, 3] });
  const w = net.parameter('lstm.w', ['K', inputs, 4 * hidden], { kind: 'normal', deviation: Math.sqrt(1 / inputs) });
  const r = net.parameter('lstm.r', ['K', hidden, 4 * hidden], { kind: 'normal', deviation: Math.sqrt(1 / hidden) });
  const b = net.parameter('lstm.b', ['K', 1, 4 * hidden], { kind: 'constant', value: 0 });
  const states = net.apply('lstm', [x, w, r, b]);
  const last = net.apply('slice', [states], { axis: 1, start: steps - 1, end: steps });
  const state = net.apply('reshape', [last], { shape: ['K', 'N', hidden] });
  const network = classifying(net, dense(net, 'head', state, 2));
  return classified(network, { batch: 128, rows: 1024, dims: [steps, inputs], classes: 2 });
}

/** One head over 64 tokens of width 64, residual, layer norm, mean, 2 classes, batch 32. */
export function attention(): BenchModel {
  const [tokens, width] = [64, 64];
  const net = new NetworkBuilder();
  const x = net.input('x', ['K', 'N', tokens, width]);
  const projected = (name: string, from = x) => {
    const w = net.parameter(name, ['K', 1, width, width], { kind: 'normal', deviation: Math.sqrt(1 / width) });
    return net.apply('matmul', [from, w]);
  };
  const mixed = projected('o.w', attend(net, projected('q.w'), projected('k.w'), projected('v.w')));
  const normal = layerNorm(net, 'norm', net.apply('add', [mixed, x]));
  const mean = net.apply('reshape', [net.apply('reduce-mean', [normal], { axes: [2] })], { shape: ['K', 'N', width] });
  return classified(classifying(net, dense(net, 'head', mean, 2)), {
    batch: 32,
    rows: 256,
    dims: [tokens, width],
    classes: 2,
  });
}

/** Two layers over 2,708 nodes and 10,556 edges, 1,433-64-7, the loss on 140 nodes, full batch; sizes of Cora. */
export function gcn(): BenchModel {
  const [nodes, features, edges, hidden, classes, known] = [2708, 1433, 10_556, 64, 7, 140];
  const net = new NetworkBuilder();
  const graph = {
    sources: net.input('sources', [1, edges], 'int64'),
    targets: net.input('targets', [1, edges], 'int64'),
    weights: net.input('weights', [1, edges, 1]),
  };
  let h = net.input('x', [1, nodes, features]);
  for (const [layer, inputs, width] of [
    ['1', features, hidden],
    ['2', hidden, classes],
  ] as const) {
    const w = net.parameter(`${layer}.w`, ['K', inputs, width], { kind: 'normal', deviation: Math.sqrt(2 / inputs) });
    const b = net.parameter(`${layer}.b`, ['K', 1, width], { kind: 'constant', value: 0 });
    const arrived = net.apply('add', [messages(net, net.apply('matmul', [h, w]), graph), b]);
    h = layer === '1' ? net.apply('relu', [arrived]) : arrived;
  }
  const logits = net.apply('gather', [h, net.input('known', [1, known], 'int64')]);
  net.output('loss', net.apply('cross-entropy', [logits, net.input('y', ['K', known, classes])], { smoothing: 0 }));
  const data = graphData(nodes, features, edges, classes, known);
  const kinds = Object.fromEntries(Object.keys(data).map((name) => [name, 'whole'] as const));
  return { network: net.build(), kinds, data, batch: 1, rows: 1 };
}

/** A random graph; 18 features of each node are 1, as in Cora. */
function graphData(nodes: number, features: number, edges: number, classes: number, known: number): BenchModel['data'] {
  const random = new Random(3);
  const x = new Float32Array(nodes * features);
  for (let i = 0; i < nodes; i++) for (let j = 0; j < 18; j++) x[i * features + random.integer(features)] = 1;
  const [sources, targets] = [integers(4, [1, edges], nodes), integers(5, [1, edges], nodes)];
  const degree = new Float64Array(nodes).fill(1);
  for (const target of targets.data as BigInt64Array) degree[Number(target)]!++;
  const weights = Float32Array.from({ length: edges }, (_, e) => {
    const at = ({ data }: typeof sources): number => degree[Number((data as BigInt64Array)[e]!)]!;
    return 1 / Math.sqrt(at(sources) * at(targets));
  });
  const y = new Float32Array(known * classes);
  for (let i = 0; i < known; i++) y[i * classes + random.integer(classes)] = 1;
  return {
    x: { type: 'float32', dims: [1, nodes, features], data: x },
    sources,
    targets,
    weights: { type: 'float32', dims: [1, edges, 1], data: weights },
    known: integers(6, [1, known], nodes),
    y: { type: 'float32', dims: [1, known, classes], data: y },
  };
}
