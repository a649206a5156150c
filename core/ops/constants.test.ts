import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { Random } from '../math/random.ts';
import { compareForms, type Feeds, formGraph, formNodes, runGradients, seeded } from './testing/gradient-check.ts';

const [V, E, D] = [9, 30, 3];
const random = new Random(5);
const normal = (count: number): number[] => Array.from({ length: count }, () => random.normal());
/** Node 0 is a hub, node 8 has no edge. */
const targets = Array.from({ length: E }, (_, i) => (i % 3 === 0 ? 0 : Math.floor(random.uniform() * (V - 1))));

interface Known {
  readonly build: (net: NetworkBuilder) => Value;
  readonly feeds: Feeds;
  readonly known: readonly string[];
}

const segments = (op: string, members: number, shared: boolean): Known => ({
  build: (net) => {
    const index = net.input('index', [shared ? 1 : members, E], 'int64');
    return net.apply(op, [net.input('x0', [members, E, D]), index], { rows: V });
  },
  feeds: {
    x0: normal(members * E * D),
    index: Array.from({ length: shared ? 1 : members }, (_, k) => targets.map((t) => (t + k) % V)).flat(),
    seed: normal(members * (op === 'segment-softmax' ? E : V) * D),
  },
  known: ['index'],
});

const embedding: Known = {
  build: (net) => net.apply('gather', [net.input('x0', [2, V, D]), net.input('index', [1, E], 'int64')]),
  feeds: { x0: normal(2 * V * D), index: targets, seed: normal(2 * E * D) },
  known: ['index'],
};

/** 2 % filled, with a row and columns of zeros. */
const features = Array.from({ length: 20 * 50 }, (_, i) => (i % 47 === 3 && i > 50 ? random.normal() : 0));
const product = (members: number, values: readonly number[]): Known => ({
  build: (net) => net.apply('matmul', [net.input('c0', [1, 20, 50]), net.input('x1', [members, 50, D])]),
  feeds: { c0: values, x1: normal(members * 50 * D), seed: normal(members * 20 * D) },
  known: ['c0'],
});

const weights = normal(E);
/** Graph convolutions of which the loss counts nodes 2 and 5 only. */
const convolutions = (members: number, values: readonly number[]): Known => ({
  build: (net) => {
    const ends = [net.input('sources', [1, E], 'int64'), net.input('targets', [1, E], 'int64')];
    const weight = net.input('x3', [1, E, 1]);
    const sent = (x: Value): Value => net.apply('propagate', [x, ...ends, weight]);
    const first = net.apply('matmul', [net.input('c0', [1, V, 40]), net.input('x1', [members, 40, D])]);
    const hidden = net.apply('relu', [net.apply('add', [sent(first), net.input('x4', [members, 1, D])])]);
    const logits = sent(net.apply('matmul', [hidden, net.input('x2', [members, D, 2])]));
    return net.apply('cross-entropy', [logits, net.input('c1', [members, V, 2]), net.input('c2', [members, V, 1])], {
      smoothing: 0,
    });
  },
  feeds: {
    sources: targets.map((_, i) => (i * 7) % V),
    targets,
    c0: values,
    x1: normal(members * 40 * D),
    x2: normal(members * D * 2),
    x3: weights,
    x4: normal(members * D),
    c1: Array.from({ length: members * V * 2 }, (_, i) => i % 2),
    c2: Array.from({ length: members * V }, (_, i) => (i % V === 2 || i % V === 5 ? 4.5 : 0)),
    seed: normal(members),
  },
  known: ['sources', 'targets', 'c0', 'c2'],
});
const sparseNodes = Array.from({ length: V * 40 }, (_, i) => (i % 41 === 3 ? 1 + (i % 3) : 0));

const cases: Readonly<Record<string, Known>> = {
  'few labelled nodes': convolutions(1, normal(V * 40)),
  'few labelled nodes, members': convolutions(2, normal(V * 40)),
  'few labelled nodes, sparse features': convolutions(2, sparseNodes),
  embedding,
  'sparse features': product(1, features),
  'sparse features, members': product(2, features),
  'features all 0': product(
    1,
    features.map(() => 0),
  ),
  'dense features': product(2, normal(1000)),
  ...Object.fromEntries(
    ['scatter-add', 'segment-mean', 'segment-max', 'segment-softmax'].flatMap((op) => [
      [op, segments(op, 1, true)],
      [`${op}, members`, segments(op, 2, false)],
      [`${op}, members share edges`, segments(op, 3, true)],
    ]),
  ),
};

const forms = [
  { contrib: true },
  { contrib: true, threads: 2 },
  { contrib: true, provider: 'webgpu' },
  { contrib: true, provider: 'cuda' },
] as const;

describe.each(Object.entries(cases))('%s known when the graph is built', (_name, { build, feeds, known }) => {
  const { network, loss } = seeded(build);
  const given = Object.fromEntries(known.map((name) => [name, feeds[name]!]));

  test('loss and gradients agree with float64', async () => {
    const listed = forms.map((form) => ({ ...form, known: given }));
    expect(await compareForms(nodeRuntime, network, loss, feeds, listed)).toBeLessThan(1e-5);
  });

  test('one and two threads give the same bits', async () => {
    const [one, two] = await Promise.all(
      [1, 2].map((threads) =>
        runGradients(nodeRuntime, network, loss, feeds, { contrib: true, threads, known: given }),
      ),
    );
    expect(two).toEqual(one);
  });
});

test('nothing is scattered with repeats where it could race, and sparse features are never multiplied whole', () => {
  const nodes = (c: Known, form: (typeof forms)[number]) => {
    const { network, loss } = seeded(c.build);
    const known = Object.fromEntries(c.known.map((name) => [name, c.feeds[name]!]));
    return formNodes(network, loss, { ...form, known });
  };
  for (const form of forms.slice(1)) {
    const names = nodes(cases['scatter-add']!, form).map((n) => n.op);
    expect(names).not.toContain('ScatterElements');
    // Rounds on the CPU, lists on a GPU.
    expect(names.includes('ScatterND')).toBe(!('provider' in form));
  }
  expect(nodes(cases['sparse features']!, forms[0]).flatMap((n) => n.inputs)).not.toContain('c0');
  // The transpose is made when the graph is built.
  const dense = nodes(cases['dense features']!, forms[0]).map((n) => n.op);
  expect(dense).not.toContain('Transpose');
  expect(dense).not.toContain('FusedMatMul');
});

test('gradients go back along edges that reach a labelled node, and no others', () => {
  const { build, feeds, known } = cases['few labelled nodes']!;
  const { network, loss } = seeded(build);
  const given = Object.fromEntries(known.map((name) => [name, feeds[name]!]));
  const { nodes, initializers } = formGraph(network, loss, { contrib: true, known: given });
  const back = nodes.flatMap((n) => (n.op === 'ScatterND' ? (initializers.get(n.inputs[1]!)?.dims[0] ?? []) : []));
  const reaching = (labelled: ReadonlySet<number>): number[] =>
    targets.flatMap((target, edge) => (labelled.has(target) ? [feeds.sources![edge]!] : []));
  const [first, second] = [reaching(new Set([2, 5])), reaching(new Set(reaching(new Set([2, 5]))))];
  expect(first.length).toBeLessThan(second.length);
  expect(second.length).toBeLessThan(E);
  expect(back).toEqual([first.length, second.length]);
});
