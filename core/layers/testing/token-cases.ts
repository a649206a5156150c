/** Small instances of the layers of tokens, sequences and embeddings. */
import type { NetworkBuilder, Value } from '../../ir/network.ts';
import { crossAttention, multiHeadAttention } from '../attention.ts';
import { deltaRule } from '../delta-rule.ts';
import { type GatedName, gated } from '../gated.ts';
import { lastState, recurrent } from '../recurrent.ts';
import { attentionPool, classToken, patchTokens, pooledAttention } from '../tokens.ts';
import { learnedPositions, linearAttention, transformerBlock } from '../transformer.ts';
import { gridAttention, windowedAttention } from '../windows.ts';
import type { LayerCase } from './check-layer.ts';

const tokens = (net: NetworkBuilder, name = 'x', steps = 3): Value => net.input(name, ['K', 2, steps, 4]);
const three = (net: NetworkBuilder): [Value, Value, Value] => [
  net.input('q', [2, 4, 2]),
  net.input('k', [2, 4, 2]),
  net.input('v', [2, 4, 3]),
];
const gate = (kind: GatedName): LayerCase => ({ build: (net) => gated(net, kind, tokens(net)) });

export const tokenCases: Readonly<Record<string, LayerCase>> = {
  'a pre-normalised transformer block': {
    build: (net) => {
      const x = learnedPositions(net, 'p', tokens(net));
      return transformerBlock(net, 't', x, { heads: 2, hidden: 3, gate: 'swiglu', dropout: 0.2, dropPath: 0.3 });
    },
  },
  'a transformer block with plain GELU and biases': {
    build: (net) =>
      transformerBlock(net, 't', tokens(net), {
        heads: 2,
        hidden: 3,
        gate: 'gelu',
        shifted: true,
        weightDropout: 0.2,
        hiddenDropout: 0.2,
        firstNorm: false,
      }),
  },
  'attention with rotary positions': {
    build: (net) => multiHeadAttention(net, 'a', tokens(net), { heads: 2, rotaryBase: 100 }),
    members: 2,
  },
  'attention to another sequence': {
    build: (net) => crossAttention(net, 'a', tokens(net), tokens(net, 'context', 2), { heads: 2 }),
  },
  'pooling by attention': { build: (net) => attentionPool(net, 'a', tokens(net), { heads: 2, seeds: 2 }), members: 2 },
  'attention to means of windows': {
    build: (net) => pooledAttention(net, 'a', tokens(net, 'x', 4), { heads: 2, grid: [2, 2], window: 2 }),
    members: 2,
  },
  'linear attention': { build: (net) => linearAttention(net, ...three(net)) },
  'windowed attention': { build: (net) => windowedAttention(net, ...three(net), 2) },
  'attention in windows of a grid': {
    build: (net) => gridAttention(net, 'a', tokens(net, 'x', 8), { heads: 2, windows: { grid: [4, 2], window: 2 } }),
    members: 2,
  },
  'a transformer block in moved windows': {
    build: (net) => {
      const windows = { grid: [4, 4], window: 2, shift: 1 };
      return transformerBlock(net, 't', tokens(net, 'x', 16), { heads: 2, hidden: 3, shifted: true, windows });
    },
  },
  'moved windows of a series': {
    build: (net) => {
      const windows = { grid: [9], window: 3, shift: 1 };
      return gridAttention(net, 'a', tokens(net, 'x', 9), { heads: 1, windows });
    },
  },
  'patches of an image with a class token': {
    build: (net) => classToken(net, 't', patchTokens(net, 'p', net.input('x', ['K', 2, 2, 4, 2]), 3, { patch: 2 })),
    members: 2,
  },
  'overlapping patches of a series': {
    build: (net) => patchTokens(net, 'p', net.input('x', ['K', 2, 1, 7]), 3, { patch: 3, stride: 2 }),
  },
  'states of an LSTM': { build: (net) => recurrent(net, 'r', tokens(net), 'lstm', 2) },
  'last state of a GRU': { build: (net) => lastState(net, 'r', tokens(net), 'gru', 2), members: 2 },
  'the delta rule': {
    build: (net) => {
      const input = (name: string, width: number): Value => net.input(name, [1, 2, 3, width]);
      return deltaRule(net, input('q', 2), input('k', 2), input('v', 3), input('b', 1), input('g', 1));
    },
  },
  GLU: gate('glu'),
  ReGLU: gate('reglu'),
  GEGLU: gate('geglu'),
  SwiGLU: gate('swiglu'),
};
