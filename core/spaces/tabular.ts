/** The space of tabular models: every learner with its decisions. */
import type { Problem } from '../contracts/learner.ts';
import type { MetricName } from '../contracts/task.ts';
import { isLabelMetric } from '../metrics/classification.ts';
import { learnsQuantiles, quantileOf } from '../metrics/regression.ts';
import { isWide } from '../screening/wide.ts';
import { keepsDirections } from '../tasks/directions.ts';
import { choice, type Decision, type Option, range, type Space } from './space.ts';

export interface SpaceFacts {
  readonly problem: Problem;
  readonly metric: MetricName;
  /** The target is skewed and never negative, so its logarithm may be learned. */
  readonly logTarget: boolean;
  readonly numericColumns?: number;
  readonly categoricalColumns?: number;
  /** Predictions must keep to a direction along some column. */
  readonly directed?: boolean;
}

const log = { scale: 'log' } as const;

const linearDecisions: readonly Decision[] = [
  choice(
    'basis',
    [
      'score',
      { value: 'spline', opens: [range('knots', 4, 20, { whole: true, levels: 9, fallback: 8, phrase: '{} knots' })] },
    ],
    { phrase: '{}' },
  ),
  choice('mix', [0, 0.5, 1], { phrase: 'L1 share {}' }),
];

const leafwise: readonly Decision[] = [
  range('leaves', 4, 256, { ...log, whole: true, levels: 25, fallback: 31, phrase: '{} leaves' }),
  choice('extraTrees', [false, true], { phrase: 'extra trees {}' }),
  range('minRows', 1, 64, { ...log, whole: true, levels: 13, fallback: 20 }),
  range('l1', 0, 1, { levels: 11, fallback: 0 }),
];

const oblivious: readonly Decision[] = [
  range('depth', 4, 8, { whole: true, levels: 5, fallback: 6, phrase: 'depth {}' }),
  range('randomStrength', 0, 2, { levels: 9, fallback: 1 }),
  choice('leafSteps', [1, 3, 5, 10], { also: { low: 1, high: 20 } }),
];

/** The losses of numbers that trees may minimise, where there is a choice. */
function objectives({ problem, metric, logTarget }: SpaceFacts): readonly Decision[] {
  if (problem !== 'regression') return [];
  const level = quantileOf(metric);
  const means = level === 0.5 ? ['squared'] : [];
  const amounts = logTarget && level === null ? ['poisson', 'tweedie'] : [];
  const options = ['auto', ...means, ...amounts];
  return options.length > 1 ? [choice('objective', options, { phrase: 'objective {}' })] : [];
}

const sharedTrees = choice('sharedTrees', [false, { value: true, weight: 2 }], {
  phrase: 'one tree for all classes {}',
});

const boostingDecisions = (facts: SpaceFacts): readonly Decision[] => [
  ...objectives(facts),
  choice(
    'growth',
    [
      { value: 'leafwise', opens: facts.problem === 'multiclass' ? [...leafwise, sharedTrees] : leafwise },
      { value: 'oblivious', opens: oblivious },
    ],
    { phrase: '{}' },
  ),
  choice('learningRate', [0.02, 0.03, 0.04, 0.05, 0.07, 0.1, 0.15, 'auto'], {
    fallback: 0.05,
    phrase: 'rate {}',
    also: { low: 1e-3, high: 1 },
  }),
  range('featureFraction', 0.3, 1, { levels: 15, fallback: 1, phrase: '{} of the columns' }),
  range('l2', 0.1, 10, { ...log, levels: 13, fallback: 1 }),
  range('bagging', 0.6, 1, { levels: 9, fallback: 1, phrase: '{} of the rows' }),
  choice('bins', [63, 127, 255], { fallback: 255 }),
  choice('oneHotLimit', [4, 20, 60, 255], { fallback: 20, also: { low: 0, high: 255 } }),
  choice('pairs', [0, { value: 5, weight: 0.3 }, { value: 8, weight: 0.3 }], { phrase: '{} columns paired' }),
  choice('rounds', [3000], { also: { low: 10, high: 10_000 } }),
];

const forestDecisions: readonly Decision[] = [
  choice('extra', [true, false], { phrase: 'extra trees {}' }),
  choice('trees', [50, 100, 200], { fallback: 100, phrase: '{} trees', also: { low: 5, high: 1000 } }),
  range('maxLeaves', 50, 800, { ...log, whole: true, levels: 9, fallback: 400, phrase: '{} leaves' }),
  range('minRows', 1, 20, { ...log, whole: true, levels: 8, fallback: 1 }),
  // 0 stands for the square root of the number of columns.
  choice('featureFraction', [0, 0.3, 0.6, 1], { also: { low: 0, high: 1 } }),
];

const ensemble = choice('ensemble', [4, 8, 16], { fallback: 8, phrase: 'ensemble of {}', also: { low: 2, high: 64 } });

const networkDecisions = (labels: boolean): readonly Decision[] => [
  choice(
    'architecture',
    [
      { value: 'plain', weight: 4 },
      { value: 'residual', weight: 0.3 },
      { value: 'tabm', weight: 0.7, opens: [ensemble] },
    ],
    {
      phrase: '{}',
    },
  ),
  choice('width', [64, 128, 192, 256, 384], { fallback: 256, phrase: '{} wide' }),
  choice('layers', [1, 2, 3, 4], { fallback: 3, phrase: '{} layers' }),
  choice('activation', ['relu', 'silu', 'selu', 'mish', 'gelu'], { fallback: 'selu', phrase: '{}' }),
  choice(
    'numericEmbedding',
    [
      'none',
      {
        value: 'pbld',
        opens: [range('frequencyScale', 0.03, 3, { ...log, levels: 9, fallback: 0.1 })],
      },
      'ple',
    ],
    { fallback: 'pbld', phrase: 'embedding {}' },
  ),
  choice('learningRate', [0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 'auto'], {
    fallback: 'auto',
    phrase: 'rate {}',
    also: { low: 1e-4, high: 1 },
  }),
  range('weightDecay', 0.001, 0.05, { ...log, levels: 9, fallback: 0.02 }),
  range('dropout', 0, 0.5, { levels: 11, fallback: 0.15, phrase: 'dropout {}' }),
  ...(labels ? [choice('labelSmoothing', [0, 0.1], { fallback: 0.1 })] : []),
  choice('batchSize', ['auto', 128, 256, 512]),
  choice('seeds', [1], { also: { low: 1, high: 16 } }),
  choice('epochs', [32, 64, 128, 256], { fallback: 256, phrase: '{} epochs', also: { low: 1, high: 2000 } }),
];

const screen = choice('screen', [{ value: 0, weight: 0.3 }, 300, 1000], {
  phrase: '{} columns',
  also: { low: 0, high: 10_000 },
});

/** Weights of the learners in random designs: what wins on tables gets most of the draws (TABULAR: 4.4). */
export function tabularSpace(facts: SpaceFacts): Space {
  const { problem, metric, logTarget, directed = false } = facts;
  const level = quantileOf(metric) ?? 0.5;
  const weightOf = (learner: string, weight: number) => (level === 0.5 || learnsQuantiles(learner) ? weight : 0);
  const options: Option[] = [
    { value: 'baseline', weight: 0 },
    { value: 'linear', weight: 0.5, opens: linearDecisions },
    { value: 'boosting', weight: 3, opens: boostingDecisions(facts) },
    { value: 'forest', weight: weightOf('forest', 0.7), opens: forestDecisions },
    { value: 'mlp', weight: weightOf('mlp', 1.5), opens: networkDecisions(isLabelMetric(metric)) },
  ];
  const scale = choice('logTarget', [false, true], { phrase: 'log target {}' });
  return {
    name: 'tabular',
    version: 1,
    decisions: [
      choice(
        'learner',
        options.filter(({ value }) => !directed || keepsDirections(String(value))),
        { phrase: '{}' },
      ),
      ...(problem === 'regression' && logTarget ? [scale] : []),
      // Slow learners may train on fewer, larger folds.
      choice('mergeBy', [1, { value: 2, weight: 0 }, { value: 4, weight: 0 }]),
      // Of many columns the most telling ones may be enough (`screened`).
      ...(isWide(facts) ? [screen] : []),
    ],
  };
}
