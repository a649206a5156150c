/** A small instance of every network, with data that it can learn by heart. */
import type { Network } from '../../ir/network.ts';
import { attentionClassifier } from '../attention.ts';
import { cnn } from '../cnn.ts';
import { convNext } from '../convnext.ts';
import { depthwise } from '../depthwise.ts';
import { dLinearForecaster, nLinearForecaster, patchForecaster } from '../forecast.ts';
import { ftTransformer } from '../ft-transformer.ts';
import { gatClassifier, gcnClassifier, graphClassifier } from '../graph.ts';
import { mlp } from '../mlp.ts';
import { mobile } from '../mobile.ts';
import { recurrentClassifier } from '../recurrent.ts';
import { residualMlp } from '../residual-mlp.ts';
import { resnet8 } from '../resnet.ts';
import { tabmMini } from '../tabm-mini.ts';
import { tcn } from '../tcn.ts';
import { textCnn } from '../text-cnn.ts';
import { unet } from '../unet.ts';
import { vit } from '../vit.ts';

export interface Instance {
  readonly network: () => Network;
  /** How many values int64 inputs have. */
  readonly indices?: Readonly<Record<string, number>>;
  /** Inputs that are the same at every step: a graph. */
  readonly whole?: boolean;
  readonly rate?: number;
}

const table = { numbers: 3, categories: 2, levels: 7 };
const graph = { nodes: 8, edges: 20, features: 5, hidden: 4, classes: 3 };
const nodes = { sources: graph.nodes, targets: graph.nodes };

export const instances: Readonly<Record<string, Instance>> = {
  mlp: { network: () => mlp({ inputs: 5, hidden: [16, 8], classes: 3 }) },
  cnn: { network: () => cnn({ channels: 2, size: [8, 8], widths: [4, 8], hidden: 8, classes: 3 }) },
  'cnn of series': { network: () => cnn({ channels: 2, size: [16], widths: [4, 8], hidden: 8, classes: 3 }) },
  depthwise: { network: () => depthwise({ channels: 4, size: [6, 6], widths: [16, 16], classes: 3 }) },
  lstm: { network: () => recurrentClassifier({ kind: 'lstm', steps: 5, inputs: 3, hidden: [8], classes: 3 }) },
  'gru of two layers': {
    network: () => recurrentClassifier({ kind: 'gru', steps: 4, inputs: 3, hidden: [8, 6], classes: 3, dropout: 0.1 }),
  },
  attention: { network: () => attentionClassifier({ steps: 4, width: 8, heads: 1, classes: 3 }) },
  gcn: { network: () => gcnClassifier({ ...graph, hidden: 8 }), whole: true, indices: nodes },
  gat: { network: () => gatClassifier({ ...graph, heads: 2, dropout: 0.1 }), whole: true, indices: nodes },
  'graphs read by attention': {
    network: () => graphClassifier({ nodes: 4, features: 3, hidden: [6, 6], classes: 3, readout: 'attention' }),
  },
  'gru of sequences that end early': {
    network: () => recurrentClassifier({ kind: 'gru', steps: 4, inputs: 3, hidden: [8], classes: 3, padded: true }),
  },
  resnet8: { network: () => resnet8({ channels: 3, size: [8, 8], classes: 3, dropPath: 0.1 }) },
  unet: { network: () => unet({ channels: 2, size: [8, 8], widths: [4, 8, 8] }) },
  vit: {
    network: () => vit({ channels: 3, size: [8, 8], patch: 4, width: 8, depth: 2, heads: 2, classes: 3, dropout: 0.1 }),
  },
  'mobile blocks': {
    network: () =>
      mobile({
        channels: 3,
        size: [8, 8],
        stem: { width: 4, stride: 2 },
        blocks: [
          { kind: 'fused', width: 4, expansion: 2 },
          { kind: 'tucker', width: 6, inputRatio: 0.5, outputRatio: 0.5 },
          { kind: 'inverted', width: 6, expansion: 2, squeeze: 2, stride: 2 },
        ],
        head: 12,
        classes: 3,
      }),
  },
  convnext: {
    network: () =>
      convNext({ channels: 3, size: [8, 8], patch: 2, widths: [4, 8], depths: [1, 1], kernel: 3, classes: 3 }),
  },
  'residual mlp with plain numbers': {
    network: () => residualMlp({ ...table, width: 6, hidden: 8, blocks: 2, outputs: 3, task: 'classification' }),
    indices: { e: table.levels },
  },
  'residual mlp with periodic embeddings': {
    network: () =>
      residualMlp({
        numbers: 2,
        embedding: { kind: 'periodic', width: 3, frequencies: 4, scale: 0.3 },
        width: 6,
        hidden: 8,
        blocks: 1,
        hiddenDropout: 0.1,
        outputs: 1,
        task: 'regression',
      }),
  },
  'ft-transformer': {
    network: () =>
      ftTransformer({
        ...table,
        width: 6,
        blocks: 2,
        heads: 2,
        outputs: 3,
        task: 'classification',
        weightDropout: 0.1,
        hiddenDropout: 0.1,
      }),
    indices: { e: table.levels },
  },
  'tabm-mini with piecewise embeddings': {
    network: () =>
      tabmMini({
        ...table,
        ensemble: 3,
        embedding: {
          kind: 'piecewise',
          width: 2,
          edges: [
            [-1, 0, 1],
            [-2, 2],
            [-1, -0.5, 0.5, 1],
          ],
        },
        hidden: [8],
        dropout: 0.1,
        outputs: 3,
        task: 'classification',
      }),
    indices: { e: table.levels },
  },
  'tabm-mini with plain numbers': {
    network: () => tabmMini({ numbers: 3, ensemble: 2, hidden: [8, 8], outputs: 2, task: 'regression' }),
  },
  'text-cnn': {
    network: () =>
      textCnn({ length: 6, vocabulary: 9, width: 4, windows: [2, 3], filters: 4, classes: 3, dropout: 0.1 }),
    indices: { x: 9 },
  },
  tcn: { network: () => tcn({ steps: 6, channels: 2, width: 4, kernel: 2, classes: 3, dropout: 0.1 }) },
  'tcn that reads all steps': {
    network: () => tcn({ steps: 6, channels: 1, width: 4, kernel: 3, classes: 3, read: 'all' }),
  },
  'n-linear': { network: () => nLinearForecaster({ past: 8, horizon: 3, channels: 2 }) },
  'd-linear': { network: () => dLinearForecaster({ past: 8, horizon: 3, window: 5 }) },
  patch: {
    network: () =>
      patchForecaster({
        past: 12,
        horizon: 3,
        channels: 2,
        patch: 4,
        stride: 2,
        width: 8,
        depth: 1,
        heads: 2,
        hidden: 12,
        dropout: 0.05,
      }),
  },
  'vit with a class token': {
    network: () =>
      vit({
        channels: 1,
        size: [8, 4],
        patch: 4,
        width: 8,
        depth: 1,
        heads: 2,
        expansion: 2,
        classes: 3,
        pool: 'token',
      }),
  },
};
