/**
 * Graph convolution (Kipf and Welling 2017) and graph attention (Veličković and others 2018) on Cora's public split, with the
 * recipes of their papers. Features are read as lists of what is not 0. The
 * update is chosen by the loss on the 500 validation nodes.
 */
import { join } from 'node:path';
import type { Tensor } from '#core/contracts/runtime.ts';
import { type Init, type Network, NetworkBuilder, type Value } from '#core/ir/network.ts';
import { type Edges, messages } from '#core/layers/graph.ts';
import { graphAttention } from '#core/layers/graph-attention.ts';
import { type CitationGraph, readCitationGraph } from '../lib/citation-graph.ts';
import { reportTraining, type TrainingLine } from '../lib/published.ts';
import { accuracy, predictorOf, type Recipe, trainNetwork } from '../lib/train-network.ts';
import { keptWhere, type TrainingOptions, trainingOptions } from '../lib/training-options.ts';

/** Updates on the whole graph between two looks at the validation nodes. */
const STEPS = 5;
/** L2 penalty of both papers, 5e-4 · |w|² / 2. */
const PENALTY = 5e-4;

interface Parts {
  readonly net: NetworkBuilder;
  readonly graph: CitationGraph;
  readonly edges: Edges;
  /** Sum of the squares of what is penalised. */
  readonly penalised: Value[];
}

const glorot = (inputs: number, outputs: number): Init => {
  const high = Math.sqrt(6 / (inputs + outputs));
  return { kind: 'uniform', low: -high, high };
};

function weights({ net, penalised }: Parts, name: string, inputs: number, outputs: number, init: Init): Value {
  const w = net.parameter(name, ['K', inputs, outputs], init);
  const sum = net.apply('reduce-sum', [net.apply('mul', [w, w])], { axes: [1, 2] });
  penalised.push(net.apply('reshape', [sum], { shape: ['K'] }));
  return w;
}

const bias = ({ net }: Parts, name: string, x: Value, width: number): Value =>
  net.apply('add', [x, net.parameter(name, ['K', 1, width], { kind: 'constant', value: 0 })]);

/** Node features after dropout times a weight matrix: rows of the matrix added up over what is not 0. */
function sparseProduct({ net, graph }: Parts, table: Value, rate: number): Value {
  const entries = graph.entryValue.length;
  const values = net.apply('dropout', [net.input('value', [1, entries, 1])], { rate });
  const read = net.apply('gather', [table, net.input('feature', [1, entries], 'int64')]);
  const node = net.input('node', [1, entries], 'int64');
  return net.apply('scatter-add', [net.apply('mul', [read, values]), node], { rows: graph.nodes });
}

function gcnNetwork(parts: Parts): Value {
  const { net, graph, edges } = parts;
  const width = 16;
  const first = weights(parts, 'w1', graph.features, width, glorot(graph.features, width));
  const h = net.apply('relu', [bias(parts, 'b1', messages(net, sparseProduct(parts, first, 0.5), edges), width)]);
  const second = net.parameter('w2', ['K', width, graph.classes], glorot(width, graph.classes));
  const sent = net.apply('matmul', [net.apply('dropout', [h], { rate: 0.5 }), second]);
  return bias(parts, 'b2', messages(net, sent, edges), graph.classes);
}

/** Eight heads of eight features, then one head of the classes; dropout 0.6 on features and on attention. */
function gatNetwork(parts: Parts): Value {
  const { net, graph, edges } = parts;
  const [heads, width, rate] = [8, 8, 0.6];
  const first = weights(parts, 'w1', graph.features, heads * width, glorot(graph.features, width));
  const sent = sparseProduct(parts, first, rate);
  const attended = graphAttention(net, 'h', sent, edges, { heads, dropout: rate });
  const hidden = net.apply('elu', [bias(parts, 'b1', attended, heads * width)], { alpha: 1 });
  const second = weights(parts, 'w2', heads * width, graph.classes, glorot(heads * width, graph.classes));
  const out = net.apply('matmul', [net.apply('dropout', [hidden], { rate }), second]);
  return bias(parts, 'b2', graphAttention(net, 'o', out, edges, { dropout: rate }), graph.classes);
}

function networkOf(graph: CitationGraph, build: (parts: Parts) => Value, weighted: boolean): Network {
  const net = new NetworkBuilder();
  const count = graph.sources.length;
  const edges = {
    sources: net.input('sources', [1, count], 'int64'),
    targets: net.input('targets', [1, count], 'int64'),
    ...(weighted ? { weights: net.input('weights', [1, count, 1]) } : {}),
  };
  const parts: Parts = { net, graph, edges, penalised: [] };
  const logits = build(parts);
  const labelled = graph.parts.train.length;
  const known = net.apply('gather', [logits, net.input('known', [1, labelled], 'int64')]);
  const fit = net.apply('cross-entropy', [known, net.input('truth', ['K', labelled, graph.classes])], { smoothing: 0 });
  const penalty = parts.penalised.reduce((a, b) => net.apply('add', [a, b]));
  net.output('loss', net.apply('add', [fit, net.apply('scale', [penalty], { factor: PENALTY / 2 })]));
  net.output('logits', logits);
  return net.build();
}

function tensorsOf(graph: CitationGraph): Record<string, Tensor> {
  const ints = (values: Int32Array): Tensor => ({
    type: 'int64',
    dims: [1, values.length],
    data: BigInt64Array.from(values, BigInt),
  });
  const floats = (data: Float32Array): Tensor => ({ type: 'float32', dims: [1, data.length, 1], data });
  const { train } = graph.parts;
  const truth = new Float32Array(train.length * graph.classes);
  train.forEach((node, i) => {
    truth[i * graph.classes + graph.labels[node]!] = 1;
  });
  return {
    sources: ints(graph.sources),
    targets: ints(graph.targets),
    weights: floats(graph.weights),
    feature: ints(graph.entryFeature),
    node: ints(graph.entryNode),
    value: floats(graph.entryValue),
    known: ints(train),
    truth: { type: 'float32', dims: [1, train.length, graph.classes], data: truth },
  };
}

interface System {
  readonly build: (parts: Parts) => Value;
  readonly weighted: boolean;
  readonly recipe: Recipe;
}

const systems: Readonly<Record<string, System>> = {
  gcn: { build: gcnNetwork, weighted: true, recipe: { epochs: 40, batch: 1, rate: 0.01, schedule: 'constant' } },
  gat: { build: gatNetwork, weighted: false, recipe: { epochs: 100, batch: 1, rate: 0.005, schedule: 'constant' } },
};

async function trainSystem(name: string, graph: CitationGraph, seed: number, { quick }: TrainingOptions) {
  const { build, weighted, recipe } = systems[name]!;
  const network = networkOf(graph, build, weighted);
  const all = tensorsOf(graph);
  const names = Object.keys(network.inputs);
  const data = Object.fromEntries(names.map((input) => [input, all[input]!]));
  const inputs = names.filter((input) => input !== 'known' && input !== 'truth');
  const shared = { network, inputs, whole: inputs, members: 1 };
  const predictor = await predictorOf({
    ...shared,
    output: 'logits',
    data: Object.fromEntries(inputs.map((input) => [input, all[input]!])),
    rows: Int32Array.of(0),
  });
  const on = (logits: Float32Array, nodes: Int32Array): number => {
    const { classes, labels } = graph;
    const rows = Float32Array.from(
      Array.from(nodes).flatMap((n) => [...logits.subarray(n * classes, (n + 1) * classes)]),
    );
    return accuracy(
      rows,
      Array.from(nodes, (n) => labels[n]!),
    );
  };
  const lossOn = (logits: Float32Array, nodes: Int32Array): number => {
    const { classes, labels } = graph;
    const losses = Array.from(nodes, (n) => {
      const row = logits.subarray(n * classes, (n + 1) * classes);
      return Math.log(row.reduce((sum, v) => sum + Math.exp(v), 0)) - row[labels[n]!]!;
    });
    return losses.reduce((a, b) => a + b, 0) / losses.length;
  };
  const best = { loss: Number.POSITIVE_INFINITY, val: 0, test: 0, epoch: 0 };
  const { seconds } = await trainNetwork({
    ...shared,
    kinds: Object.fromEntries(names.map((input) => [input, 'whole'])),
    data,
    rows: new Int32Array(STEPS),
    seeds: [seed],
    recipe: quick ? { ...recipe, epochs: 6 } : recipe,
    onEpoch: async (epoch, _, parameters) => {
      const [logits] = await predictor.predict(await parameters());
      const { val, test } = graph.parts;
      const loss = lossOn(logits!, val);
      if (epoch % 20 === 0)
        console.error(`${name} ${epoch * STEPS} ${loss.toFixed(4)} ${on(logits!, val)} ${on(logits!, test)}`);
      if (loss < best.loss)
        Object.assign(best, { loss, val: on(logits!, val), test: on(logits!, test), epoch: epoch * STEPS });
    },
  });
  await predictor.dispose();
  console.error(`cora ${name} seed ${seed}: ${JSON.stringify(best)}, ${seconds.toFixed(1)} s`);
  const scores = { val: best.val, epoch: best.epoch };
  return { set: 'cora', system: name, seed, metric: 'accuracy', score: best.test, scores, seconds, error: null };
}

export async function run(args: string[]): Promise<void> {
  const options = trainingOptions(args, 10);
  const folder = join(options.folder, 'graph', 'cora');
  const graph = readCitationGraph(folder);
  const lines: TrainingLine[] = [];
  for (const name of options.systems ?? Object.keys(systems)) {
    for (const seed of options.seeds) lines.push(await trainSystem(name, graph, seed, options));
  }
  const bars = [
    { system: 'gcn', value: 0.805, from: 'within a point of 0.815, Kipf and Welling 2017' },
    { system: 'gat', value: 0.82, from: 'within a point of 0.830, Veličković and others 2018' },
  ];
  reportTraining(
    { name: 'cora', set: 'cora', metric: 'accuracy', better: 'higher', lines, bars, folder },
    keptWhere(options),
  );
}
