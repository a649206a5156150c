/**
 * A learner that may look at the most telling columns only: decision `screen` says at how many. Which these are is found
 * anew in every fold from its training rows alone, so that out-of-fold predictions stay honest; each fold's model keeps
 * the numbers of its columns.
 */
import type { Checkpoint, FoldFit, FoldModel, Learner } from '../contracts/learner.ts';
import { emitColumns, type KeptColumns, strongestColumns, takeColumns, takeShape } from './columns.ts';

type Design = Parameters<Learner['fit']>[0];

/** The learner with its own decisions and the number of columns to look at; 0 for all. */
function split({ screen, ...own }: Design): { own: Design; most: number } {
  return { own, most: typeof screen === 'number' ? screen : 0 };
}

const NUMERIC = 'screen_numeric';
const CODES = 'screen_codes';

function keptOf({ arrays }: FoldModel): KeptColumns | null {
  const { [NUMERIC]: numeric, [CODES]: codes } = arrays;
  return numeric instanceof Int32Array && codes instanceof Int32Array ? { numeric, codes } : null;
}

/** The model as its learner made it. */
function bare({ state, arrays }: FoldModel): FoldModel {
  const { [NUMERIC]: _, [CODES]: __, ...own } = arrays;
  return { state, arrays: own };
}

type Taken = ReturnType<Checkpoint['take']>;

function withColumns<T extends Taken>(taken: T, { numeric, codes }: KeptColumns): T {
  const add = (model: FoldModel): FoldModel => ({
    ...model,
    arrays: { ...model.arrays, [NUMERIC]: numeric, [CODES]: codes },
  });
  return { ...taken, model: add(taken.model), ...(taken.judged ? { judged: add(taken.judged) } : {}) };
}

export function screened(learner: Learner): Learner {
  // Folds that look at different columns share no preparation.
  const together: Learner['together'] =
    learner.together &&
    (async (design, ...rest) => {
      const { own, most } = split(design);
      return most > 0 ? 1 : learner.together!(own, ...rest);
    });
  const fitTogether: Learner['fitTogether'] =
    learner.fitTogether && ((design, ...rest) => learner.fitTogether!(split(design).own, ...rest));
  const follows: Learner['follows'] =
    learner.follows &&
    ((model, design) => {
      const { own, most } = split(design);
      const kept = keptOf(model);
      const few = !kept || (most > 0 && kept.numeric.length + kept.codes.length <= most);
      return few && learner.follows!(bare(model), own);
    });
  return {
    ...learner,

    async fit(design, features, target, trainRows, validRows, context) {
      const { own, most } = split(design);
      if (most <= 0 || most >= features.numericNames.length + features.categoricalNames.length)
        return learner.fit(own, features, target, trainRows, validRows, context);
      const kept = strongestColumns(features, target, trainRows, most);
      await context.breathe();
      const fit = await learner.fit(own, takeColumns(features, kept), target, trainRows, validRows, context);
      const checkpoints = fit.checkpoints?.map((point) => ({ ...point, take: () => withColumns(point.take(), kept) }));
      const whole: FoldFit = { ...fit, ...(checkpoints ? { checkpoints } : {}) };
      return withColumns(whole, kept);
    },

    ...(together ? { together } : {}),
    ...(fitTogether ? { fitTogether } : {}),
    ...(follows ? { follows } : {}),

    predict(model, features, rows, target, runtime) {
      const kept = keptOf(model);
      return kept
        ? learner.predict(bare(model), takeColumns(features, kept), rows, target, runtime)
        : learner.predict(model, features, rows, target, runtime);
    },

    emit(graph, models, input, features, target) {
      if (!models.some(keptOf)) return learner.emit(graph, models, input, features, target);
      const each = models.map((model) => {
        const kept = keptOf(model);
        return kept
          ? learner.emit(graph, [bare(model)], emitColumns(graph, input, kept), takeShape(features, kept), target)
          : learner.emit(graph, [model], input, features, target);
      });
      if (each.length === 1) return each[0]!;
      return graph.node('Mul', [graph.node('Sum', each), graph.float32(1 / each.length)]);
    },
  };
}
