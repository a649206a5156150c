/** The decisions of a tabular multilayer perceptron, their defaults and the designs worth trying first. */
import type { Problem } from '../../contracts/learner.ts';

export const mlpActivations = ['relu', 'silu', 'selu', 'mish', 'gelu'] as const;
export type MlpActivation = (typeof mlpActivations)[number];

export const mlpArchitectures = ['plain', 'residual', 'tabm'] as const;
export type MlpArchitecture = (typeof mlpArchitectures)[number];

export interface MlpDesign {
  /**
   * `plain`: hidden layers one after the other; `residual`: blocks of two layers whose result is added to what they read
   * (Gorishniy and others 2021); `tabm`: an ensemble that shares its hidden layers (TabM-mini, Gorishniy, Kotelnikov and
   * Babenko 2024). Designs of earlier versions say nothing, and are plain.
   */
  readonly architecture: MlpArchitecture;
  /** Networks of a `tabm` ensemble; nothing to the others. */
  readonly ensemble: number;
  /** Hidden units per layer. */
  readonly width: number;
  /** Hidden layers, or residual blocks. */
  readonly layers: number;
  readonly activation: MlpActivation;
  /**
   * `pbld`: each numeric column also as a learned mix of 16 cosines (Holzmüller, Grinsztajn and Steinwart 2024);
   * `ple`: also as up to 32 piecewise-linear parts (Gorishniy, Rubachev and Babenko 2022).
   */
  readonly numericEmbedding: 'none' | 'pbld' | 'ple';
  /** Deviation of the cosines' frequencies at the start, in turns per unit of the scaled column. */
  readonly frequencyScale: number;
  /** Peak of the learning-rate waves; `auto`: 0.03 for classes, 0.1 for values. */
  readonly learningRate: number | 'auto';
  readonly weightDecay: number;
  readonly dropout: number;
  /** Used only where the metric counts labels; probabilities come out worse with it. */
  readonly labelSmoothing: number;
  /** Rows per step; `auto` grows with the number of rows from 64 to 1,024. */
  readonly batchSize: number | 'auto';
  /** Passes over the training rows; fewer when time runs short. */
  readonly epochs: number;
  /** Networks per fold, each from another seed; the fold predicts their mean. */
  readonly seeds: number;
}

export const mlpDefaults: MlpDesign = {
  architecture: 'plain',
  ensemble: 8,
  width: 128,
  layers: 2,
  activation: 'mish',
  numericEmbedding: 'ple',
  frequencyScale: 0.1,
  learningRate: 'auto',
  weightDecay: 0.02,
  dropout: 0.2,
  labelSmoothing: 0.1,
  batchSize: 'auto',
  epochs: 256,
  seeds: 1,
};

export type FlatDesign = Readonly<Record<string, string | number | boolean>>;

/** A flat design as numbers and names; decisions left out take their default. Throws a RangeError that names a bad one. */
export function readMlpDesign(design: FlatDesign): MlpDesign {
  const number = (name: keyof MlpDesign, low: number, high: number, whole = false): number => {
    const value = design[name] ?? mlpDefaults[name];
    if (typeof value !== 'number' || !(value >= low && value <= high) || (whole && !Number.isInteger(value))) {
      throw new RangeError(
        `${name} must be ${whole ? 'a whole number' : 'a number'} from ${low} to ${high}, not ${value}.`,
      );
    }
    return value;
  };
  const choice = <T extends string>(name: keyof MlpDesign, from: readonly T[]): T => {
    const value = from.find((v) => v === (design[name] ?? mlpDefaults[name]));
    if (value === undefined) throw new RangeError(`${name} must be one of ${from.join(', ')}, not ${design[name]}.`);
    return value;
  };
  const auto = (name: 'learningRate' | 'batchSize') => (design[name] ?? mlpDefaults[name]) === 'auto';
  return {
    architecture: choice('architecture', mlpArchitectures),
    ensemble: number('ensemble', 2, 64, true),
    width: number('width', 4, 1024, true),
    layers: number('layers', 1, 8, true),
    activation: choice('activation', mlpActivations),
    numericEmbedding: choice('numericEmbedding', ['none', 'pbld', 'ple']),
    frequencyScale: number('frequencyScale', 0.001, 100),
    learningRate: auto('learningRate') ? 'auto' : number('learningRate', 1e-5, 10),
    weightDecay: number('weightDecay', 0, 1),
    dropout: number('dropout', 0, 0.8),
    labelSmoothing: number('labelSmoothing', 0, 0.5),
    batchSize: auto('batchSize') ? 'auto' : number('batchSize', 8, 8192, true),
    epochs: number('epochs', 1, 10_000, true),
    seeds: number('seeds', 1, 16, true),
  };
}

/** Designs to try first, best first: a fast one that needs little time, a deeper one, one after RealMLP's tuned defaults, a plain one, a TabM ensemble. */
export const mlpPortfolio: readonly FlatDesign[] = [
  { ...mlpDefaults },
  { ...mlpDefaults, layers: 3, activation: 'silu', dropout: 0.1, weightDecay: 0.01 },
  { ...mlpDefaults, width: 256, layers: 3, activation: 'selu', numericEmbedding: 'pbld', dropout: 0.15 },
  { ...mlpDefaults, width: 64, numericEmbedding: 'none', dropout: 0, weightDecay: 0.05 },
  { ...mlpDefaults, architecture: 'tabm', activation: 'relu', dropout: 0.1, weightDecay: 0.002, epochs: 128 },
];

/** Networks that share the hidden layers of a design; 1 where there is no ensemble. */
export const ensembleOf = ({ architecture, ensemble }: Pick<MlpDesign, 'architecture' | 'ensemble'>): number =>
  architecture === 'tabm' ? ensemble : 1;

/** The learning rate of a design for one kind of problem. */
export function peakRate(design: MlpDesign, problem: Problem): number {
  if (design.learningRate !== 'auto') return design.learningRate;
  return problem === 'regression' ? 0.1 : 0.03;
}

/** Rows per step for a number of training rows: the design's, but never more than half of them. */
export function batchRows(design: MlpDesign, rows: number): number {
  const auto = rows <= 1024 ? 64 : rows <= 8192 ? 128 : rows <= 30_000 ? 256 : rows <= 100_000 ? 512 : 1024;
  const wanted = design.batchSize === 'auto' ? auto : design.batchSize;
  return Math.max(1, Math.min(wanted, 2 ** Math.floor(Math.log2(Math.max(1, rows / 2)))));
}
