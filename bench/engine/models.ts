/** The models that training engines are compared on, by name. `peers/torch_models.py` builds the same. */
import { attentionClassifier } from '#core/networks/attention.ts';
import { cnn } from '#core/networks/cnn.ts';
import { depthwise } from '#core/networks/depthwise.ts';
import { gcnClassifier } from '#core/networks/graph.ts';
import { mlp } from '#core/networks/mlp.ts';
import { recurrentClassifier } from '#core/networks/recurrent.ts';
import { resnet8 } from '#core/networks/resnet.ts';
import { unet } from '#core/networks/unet.ts';
import { vit } from '#core/networks/vit.ts';
import { graphData } from './graph-data.ts';
import { type BenchModel, classified, normals } from './model.ts';

/** A logit per pixel of 128x128x3. */
function segmentation(): BenchModel {
  const [side, batch, rows] = [128, 4, 32];
  const network = unet({ channels: 3, size: [side, side], widths: [16, 32, 64, 128] });
  const y = normals(2, [rows, side * side]);
  const data = { x: normals(1, [rows, 3, side, side]), y: { ...y, data: y.data.map((v) => (v > 1 ? 1 : 0)) } };
  return { network, kinds: { x: 'rows', y: 'rows' }, data, batch, rows };
}

/**
 * Two layers over a graph of Cora's size, 1,433-64-7, the loss on 140 nodes, full batch.
 * @param present share of the features that are not 0: Cora's, or all
 */
function nodes(present: number): BenchModel {
  const sizes = { nodes: 2708, edges: 10_556, features: 1433, classes: 7 };
  const data = graphData({ ...sizes, known: 140, present });
  const kinds = Object.fromEntries(Object.keys(data).map((name) => [name, 'whole'] as const));
  return { network: gcnClassifier({ ...sizes, hidden: 64 }), kinds, data, batch: 1, rows: 1 };
}

export const benchModels: Readonly<Record<string, () => BenchModel>> = {
  /** 20-128-128-2. */
  mlp: () =>
    classified(mlp({ inputs: 20, hidden: [128, 128], classes: 2 }), {
      batch: 128,
      rows: 10_000,
      dims: [20],
      classes: 2,
    }),
  /** 28x28, convolutions to 32 and 64 channels, each pooled, then 128 units. */
  cnn: () =>
    classified(cnn({ channels: 1, size: [28, 28], widths: [32, 64], hidden: 128, classes: 10 }), {
      batch: 128,
      rows: 1024,
      dims: [1, 28, 28],
      classes: 10,
    }),
  /** 14x14x32, a depthwise and a pointwise convolution to 64 channels. */
  depthwise: () =>
    classified(depthwise({ channels: 32, size: [14, 14], widths: [64], classes: 10 }), {
      batch: 128,
      rows: 1024,
      dims: [32, 14, 14],
      classes: 10,
    }),
  /** 64 units over 32 steps of 16 inputs. */
  lstm: () =>
    classified(recurrentClassifier({ kind: 'lstm', steps: 32, inputs: 16, hidden: [64], classes: 2 }), {
      batch: 128,
      rows: 1024,
      dims: [32, 16],
      classes: 2,
    }),
  /** One head over 64 tokens of width 64. */
  attention: () =>
    classified(attentionClassifier({ steps: 64, width: 64, heads: 1, classes: 2 }), {
      batch: 32,
      rows: 256,
      dims: [64, 64],
      classes: 2,
    }),
  gcn: () => nodes(18 / 1433),
  'gcn-dense': () => nodes(1),
  /** 32x32x3, 16, 32 and 64 channels. */
  resnet8: () =>
    classified(resnet8({ channels: 3, size: [32, 32], classes: 10 }), {
      batch: 64,
      rows: 512,
      dims: [3, 32, 32],
      classes: 10,
    }),
  unet: segmentation,
  /** 32x32x3 in 64 patches, four blocks of width 64 with four heads. */
  vit: () =>
    classified(
      vit({ channels: 3, size: [32, 32], patch: 4, width: 64, depth: 4, heads: 4, expansion: 2, classes: 10 }),
      { batch: 64, rows: 512, dims: [3, 32, 32], classes: 10 },
    ),
};
