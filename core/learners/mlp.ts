/**
 * Multilayer perceptrons for tables, after RealMLP (Holzmüller, Grinsztajn and Steinwart 2024, arXiv 2407.04491): robust
 * scaling with a smooth clip, one-hot and embedded categories, periodic numeric embeddings, NTK parametrisation, a
 * data-dependent start, and a learning rate in four waves; trained by ONNX training programs.
 */
import type { Features, FoldModel, Learner, Target } from '../contracts/learner.ts';
import type { Runtime } from '../contracts/runtime.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { type MlpDesign, readMlpDesign } from './mlp/design.ts';
import { emitMlp } from './mlp/emit.ts';
import { fitMlp } from './mlp/fit.ts';
import { featureFeeds, featureInputs } from './mlp/matrix.ts';
import { readFoldModel } from './mlp/state.ts';
import { foldsTogether } from './mlp/together.ts';

export { type MlpDesign, mlpDefaults, mlpPortfolio } from './mlp/design.ts';

const CHUNK = 4096;

export const mlp: Learner = {
  name: 'mlp',
  fit: async (design, features, target, train, valid, context) => {
    const [fit] = await fitMlp(design, features, target, [{ train, valid }], [context]);
    return fit!;
  },
  together: foldsTogether,
  fitTogether: fitMlp,
  follows: (model, design) => sameDesign(readFoldModel(model).fold.design, readMlpDesign(design)),
  predict: predictMlp,
  emit: (graph, models, input, _features, target) => emitMlp(graph, models, input, target),
};

const sameDesign = (a: MlpDesign, b: MlpDesign): boolean =>
  (Object.keys(b) as (keyof MlpDesign)[]).every((name) => a?.[name] === b[name]);

/** Runs exactly the nodes that the exported file holds. */
async function predictMlp(
  model: FoldModel,
  features: Features,
  rows: Int32Array,
  target: Pick<Target, 'problem' | 'classes'>,
  runtime: Runtime,
): Promise<Float32Array> {
  const graph = new GraphBuilder('prediction');
  const input = featureInputs(graph, features.numericNames.length, features.categoricalNames.length);
  const width = target.problem === 'regression' ? 1 : target.classes;
  graph.output('prediction', 'float32', ['N', width], emitMlp(graph, [model], input, target));
  const session = await runtime.createSession(graph.toBytes());
  const out = new Float32Array(rows.length * width);
  try {
    for (let start = 0; start < rows.length; start += CHUNK) {
      const end = Math.min(start + CHUNK, rows.length);
      const { prediction } = await session.run(featureFeeds(features, start, end, rows));
      out.set(prediction!.data as Float32Array, start * width);
    }
  } finally {
    await session.dispose();
  }
  return out;
}
