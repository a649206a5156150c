/**
 * How long a bag takes: counts of operations with measured constants (TABULAR: 2.5 and 5.3), corrected by what trials
 * of the same family took so far on this machine.
 */
import { bagSeconds } from '../learners/mlp/seconds.ts';
import { screenedCounts } from '../screening/wide.ts';
import type { Design } from '../spaces/space.ts';
import type { SearchSetup } from './strategy.ts';

/** Trials of one family share a correction. */
export function familyOf(design: Design): string {
  const learner = String(design.learner);
  if (learner === 'boosting') return `${learner}/${design.growth ?? 'leafwise'}`;
  const { architecture = 'plain' } = design;
  return learner === 'mlp' && architecture !== 'plain' ? `${learner}/${architecture}` : learner;
}

const number = (design: Design, name: string, fallback: number): number => {
  const value = design[name];
  return typeof value === 'number' ? value : fallback;
};

/** Folds of a bag after merging. */
export function foldsOf(design: Design, setup: SearchSetup): number {
  return Math.max(1, Math.ceil(setup.folds / number(design, 'mergeBy', 1)));
}

/** Of one fold, per cell of a table that a design looks for its columns in. */
const SCREEN = 8e-9;

/** Expected seconds before correction. */
export function rawSeconds(design: Design, whole: SearchSetup): number {
  const setup = screenedCounts(design, whole);
  const screening = setup === whole ? 0 : SCREEN * Math.min(whole.rows, 4000) * columns(whole);
  const folds = foldsOf(design, setup);
  const n = folds > 1 ? (setup.rows * (folds - 1)) / folds : setup.rows * 0.9;
  const rows = Math.max(Math.floor(n), 1);
  const training =
    design.learner === 'mlp' ? networkSeconds(design, setup, rows, folds) : folds * perFold(design, setup, rows);
  return 0.2 + folds * screening + training;
}

function perFold(design: Design, setup: SearchSetup, n: number): number {
  switch (design.learner) {
    case 'boosting':
      return boostingSeconds(design, setup, n) + scoreSeconds(setup, n);
    case 'forest':
      return forestSeconds(design, setup, n) + scoreSeconds(setup, n);
    case 'linear':
      return linearSeconds(design, setup, n);
    default:
      return 0.001;
  }
}

function outputs(setup: SearchSetup): number {
  return setup.problem === 'multiclass' ? setup.classes : 1;
}

function columns(setup: SearchSetup): number {
  // Categories get up to three statistics each.
  return setup.numericColumns + 2 * setup.categoricalColumns;
}

/** Scores of texts for trees: made once per fold and process, then shared by trials. */
function scoreSeconds(setup: SearchSetup, n: number): number {
  return 1e-6 * n * (setup.terms ?? 0) * Math.min(outputs(setup), 20);
}

function boostingSeconds(design: Design, setup: SearchSetup, n: number): number {
  const paired = Math.min(number(design, 'pairs', 0), setup.numericColumns);
  const f = Math.max(1, (columns(setup) + 2 * paired * (paired - 1)) * number(design, 'featureFraction', 1));
  const bins = Math.min(number(design, 'bins', 255), Math.max(4, n / 5)) * 0.6;
  const rows = n * number(design, 'bagging', 1);
  const patience = n <= 10_000 ? 150 : Math.max(20, 1.5e6 / n);
  // The automatic rate is chosen so that all rounds are needed.
  const most = number(design, 'rounds', 2000);
  const rounds =
    design.learningRate === 'auto'
      ? Math.min(most, 1000)
      : Math.min(most, 18 / number(design, 'learningRate', 0.05) + patience);
  if (design.growth === 'oblivious') {
    const depth = number(design, 'depth', 6);
    const histograms = 3e-9 * rows * f * (1 + 0.5 * (depth - 1)) + 5e-9 * f * bins * 2 ** depth;
    // One tree a round, whatever the number of classes.
    return rounds * (histograms * (0.5 + 0.5 * outputs(setup)) + n * (25e-9 * outputs(setup) + 4e-9 * depth));
  }
  const leaves = Math.min(number(design, 'leaves', 31), n / 2);
  const depth = Math.log2(Math.max(leaves, 2));
  const histograms = 3e-9 * rows * f * (1 + 0.27 * depth) + 5e-9 * f * bins * 2 * leaves;
  const tree = histograms + 7.5e-9 * n * (depth + 1) + 20e-9 * n;
  if (design.sharedTrees === true) return rounds * (tree + 40e-9 * n * outputs(setup));
  return rounds * tree * outputs(setup);
}

function forestSeconds(design: Design, setup: SearchSetup, n: number): number {
  const trees = number(design, 'trees', 100);
  const leaves = Math.min(number(design, 'maxLeaves', 400), n / 2);
  const f = columns(setup) * (number(design, 'featureFraction', 0) || 0.6);
  const depth = Math.log2(Math.max(leaves, 2));
  const scan = 4e-9 * f * Math.min(255, n / 5) * leaves * Math.sqrt(outputs(setup));
  return trees * (3e-9 * n * f * (1 + 0.3 * depth) + scan + 15e-9 * n * depth) * Math.min(outputs(setup), 8);
}

function networkSeconds(design: Design, setup: SearchSetup, rows: number, folds: number): number {
  const { numericColumns, categoricalColumns } = setup;
  return bagSeconds(design, { rows, folds, numericColumns, categoricalColumns, outputs: outputs(setup) });
}

/**
 * Share of the whole path of penalties below which a linear model is not worth its time: strong penalties come first,
 * and of many classes a model in closed form (`discriminantStart`).
 */
export function leastOfPath(setup: SearchSetup): number {
  const closed = setup.problem === 'multiclass' && setup.classes >= 20 && columns(setup) <= 200 && !setup.terms;
  return closed ? 1 / 30 : 1 / 8;
}

function linearSeconds(design: Design, setup: SearchSetup, n: number): number {
  const knots = design.basis === 'spline' ? number(design, 'knots', 8) : 1;
  const passes = 250;
  const texts = 2e-6 * n * (setup.terms ?? 0) * outputs(setup);
  return texts + passes * n * (setup.numericColumns * knots + setup.categoricalColumns) * 1.5e-9 * outputs(setup);
}

/** Per family: sum of log(measured / raw) and count. JSON. */
export type Corrections = Readonly<Record<string, { readonly sum: number; readonly count: number }>>;

/** The factor on raw seconds; 1 without experience, shrunk towards 1 by half a trial. */
export function correctionOf(corrections: Corrections, design: Design): number {
  const known = corrections[familyOf(design)];
  return known ? Math.exp(known.sum / (known.count + 0.5)) : 1;
}

export function expectedSeconds(design: Design, setup: SearchSetup, corrections: Corrections): number {
  return rawSeconds(design, setup) * correctionOf(corrections, design);
}

/** Takes in one finished trial. */
export function learnCost(corrections: Corrections, design: Design, setup: SearchSetup, seconds: number): Corrections {
  const family = familyOf(design);
  const known = corrections[family] ?? { sum: 0, count: 0 };
  const ratio = Math.log(Math.min(Math.max(seconds / rawSeconds(design, setup), 0.02), 50));
  // Later trials weigh more: the machine may have become busier.
  return { ...corrections, [family]: { sum: known.sum * 0.8 + ratio, count: known.count * 0.8 + 1 } };
}
