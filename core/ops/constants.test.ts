import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { Random } from '../math/random.ts';
import { compareForms, type Feeds, formNodes, runGradients, seeded } from './testing/gradient-check.ts';

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

const cases: Readonly<Record<string, Known>> = {
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
  const dense = nodes(cases['dense features']!, forms[0]).map((n) => n.op);
  expect(dense).toContain('Transpose');
  expect(dense).not.toContain('FusedMatMul');
});
