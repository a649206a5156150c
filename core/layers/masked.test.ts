import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { bindNetwork, NetworkBuilder, type Value } from '../ir/network.ts';
import { runForward } from '../ops/testing/gradient-check.ts';
import { multiHeadAttention } from './attention.ts';
import { absenceBias, lastPresent } from './masked.ts';
import { readout, readouts } from './readout.ts';
import { lastState, recurrent } from './recurrent.ts';
import { drawFeeds } from './testing/draw-feeds.ts';

const WIDTH = 2;
/** Nodes of each graph; the third is empty. */
const COUNTS = [3, 1, 0];
const PLACES = 3;
const listed = Array.from({ length: 4 * WIDTH }, (_, i) => Math.sin(3 * i));

/** The graphs filled up with `rest`. */
function padded(rest: number): number[] {
  let at = 0;
  return COUNTS.flatMap((count) => {
    const own = listed.slice(at * WIDTH, (at + count) * WIDTH);
    at += count;
    return [...own, ...new Array<number>((PLACES - count) * WIDTH).fill(rest)];
  });
}

const present = COUNTS.flatMap((count) => Array.from({ length: PLACES }, (_, i) => (i < count ? 1 : 0)));

async function run(build: (net: NetworkBuilder) => Value, feeds: Record<string, number[]>): Promise<number[]> {
  const net = new NetworkBuilder();
  const y = build(net);
  const network = bindNetwork(net.build(), { K: 1 });
  return [...(await runForward(nodeRuntime, network, network.values[y.id]!, drawFeeds(network, 4, feeds), 'training'))];
}

describe.each(readouts)('readout by %s', (kind) => {
  const ofPadded = (rest: number) =>
    run(
      (net) => {
        const there = net.input('present', [1, COUNTS.length, PLACES, 1]);
        return readout(net, 'r', net.input('x', [1, COUNTS.length, PLACES, WIDTH]), { present: there }, kind);
      },
      { x: padded(rest), present, 'r.w': [0.7, -1.2] },
    );

  test('is the same for graphs filled up and for graphs in a list, and 0 for one without nodes', async () => {
    const ofListed = await run(
      (net) => {
        const graphs = { graphs: net.input('graphs', [1, 4], 'int64'), count: COUNTS.length };
        return readout(net, 'r', net.input('x', [1, 4, WIDTH]), graphs, kind);
      },
      { x: listed, graphs: [0, 0, 0, 1], 'r.w': [0.7, -1.2] },
    );
    const other = await ofPadded(0);
    ofListed.forEach((v, i) => {
      expect(other[i]).toBeCloseTo(v, 5);
    });
    expect(ofListed.slice(-WIDTH).map(Math.abs)).toEqual([0, 0]);
  });

  test('does not see what graphs are filled up with', async () => {
    expect(await ofPadded(1000)).toEqual(await ofPadded(0));
  });
});

test('a sequence that ends early has the state after its last step', async () => {
  const steps = Array.from({ length: 4 * WIDTH }, (_, i) => Math.cos(i));
  const weights = { 'r.w': range(WIDTH * 12), 'r.r': range(3 * 12), 'r.b': range(12) };
  const early = await run(
    (net) => {
      const states = recurrent(net, 'r', net.input('x', [1, 1, 4, WIDTH]), 'lstm', 3);
      return lastPresent(net, states, net.input('present', [1, 1, 4, 1]));
    },
    { x: [...steps.slice(0, 2 * WIDTH), 9, 9, 9, 9], present: [1, 1, 0, 0], ...weights },
  );
  const short = await run((net) => lastState(net, 'r', net.input('x', [1, 1, 2, WIDTH]), 'lstm', 3), {
    x: steps.slice(0, 2 * WIDTH),
    ...weights,
  });
  early.forEach((v, i) => {
    expect(v).toBeCloseTo(short[i]!, 6);
  });
});

test.each([1, 2])('attention of %i heads reads only what is there', async (heads) => {
  const attend = (rest: number) =>
    run(
      (net) => {
        const bias = absenceBias(net, net.input('present', [1, COUNTS.length, PLACES, 1]), heads);
        return multiHeadAttention(net, 'a', net.input('x', [1, COUNTS.length, PLACES, WIDTH]), { heads, bias });
      },
      { x: padded(rest), present },
    );
  const [one, other] = [await attend(0), await attend(5)];
  // Of the graphs with nodes, the places that are filled.
  for (const place of [0, 1, 2, 3]) {
    expect(one.slice(place * WIDTH, (place + 1) * WIDTH)).toEqual(other.slice(place * WIDTH, (place + 1) * WIDTH));
  }
});

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.sin(i + 1) / 2);
}
