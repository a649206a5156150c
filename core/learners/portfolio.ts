/** The designs that start every search, with their order and share of the time (TABULAR: 7.2 and 7.3). */
import { learnsQuantiles, quantileOf } from '../metrics/regression.ts';
import { type ColumnCounts, isWide } from '../screening/wide.ts';
import type { Design } from '../spaces/space.ts';
import { keepsDirections } from '../tasks/directions.ts';
import { boostingPortfolio } from './boosting/portfolio.ts';
import { forestPortfolio } from './forest.ts';
import { mlpPortfolio } from './mlp.ts';

export interface PortfolioEntry {
  readonly name: string;
  readonly design: Design;
  /** Share of the search's core seconds. */
  readonly share: number;
}

const trees: Readonly<Record<string, Design>> = Object.fromEntries([
  ...boostingPortfolio.map(({ name, design }) => [name, { learner: 'boosting', ...design }] as const),
  ...forestPortfolio.map(({ name, design }) => [name, { learner: 'forest', ...design }] as const),
]);

const named = (name: string): Design => {
  const design = trees[name];
  if (!design) throw new RangeError(`The portfolio has no tree design named ${name}.`);
  return design;
};

const linear: Design = { learner: 'linear', basis: 'score', mix: 0 };
const spline: Design = { learner: 'linear', basis: 'spline', knots: 8, mix: 0 };
/** Small and fast, so that a tree model is there within seconds. */
const quick: Design = {
  learner: 'boosting',
  growth: 'leafwise',
  rounds: 150,
  learningRate: 0.12,
  leaves: 16,
  featureFraction: 0.8,
  minRows: 10,
  bins: 63,
};
/** Without the decisions that are closed in it. */
const network = (i: number): Design => {
  const design: Design = { learner: 'mlp', ...mlpPortfolio[i] };
  const closed = (name: string) =>
    (name === 'frequencyScale' && design.numericEmbedding !== 'pbld') ||
    (name === 'ensemble' && design.architecture !== 'tabm');
  return Object.fromEntries(Object.entries(design).filter(([name]) => !closed(name)));
};
type Row = readonly [name: string, design: Design, short: number, long: number];

/**
 * Up to which number of rows a plan holds; shares for budgets up to 90 s, and above. TABM stands where rows are few: out of
 * fold on 700 rows of three tables it did better alone than NET1, NET2 and NET4, and beside trees and NET1 it improved the
 * ensemble on all three (1.6 % lower error on two, an AUC higher by 0.004), at 1 to 1.5 times NET1's processor time. NET4 stays
 * for tables where the plainest network adds most. On more rows TABM's epochs would not fit its share. Residual networks
 * did worse than plain ones at more time on two tables, and are left to random designs.
 */
const plans: readonly { readonly rows: number; readonly entries: readonly Row[] }[] = [
  {
    rows: 1000,
    entries: [
      ['LIN', linear, 0.03, 0.01],
      ['QUICK', quick, 0.02, 0.01],
      ['CAT', named('CAT'), 0.15, 0.12],
      ['NET1', network(0), 0.2, 0.15],
      ['XT177', named('XT177'), 0.1, 0.08],
      ['SPLINE', spline, 0.03, 0.02],
      ['ET', named('ET'), 0.04, 0.02],
      ['NET3', network(2), 0.2, 0.15],
      ['SHALLOW', named('SHALLOW'), 0.05, 0.04],
      ['DEEP163', named('DEEP163'), 0.06, 0.05],
      ['PAIRS', named('PAIRS'), 0.08, 0.07],
      ['NET2', network(1), 0.12, 0.1],
      ['TABM', network(4), 0.08, 0.06],
      ['NET4', network(3), 0.03, 0.02],
    ],
  },
  {
    rows: 10_000,
    entries: [
      ['LIN', linear, 0.03, 0.01],
      ['QUICK', quick, 0.03, 0.01],
      ['CAT', named('CAT'), 0.22, 0.16],
      ['NET1', network(0), 0.2, 0.15],
      ['XT177', named('XT177'), 0.16, 0.09],
      ['SPLINE', spline, 0.03, 0.02],
      ['ET', named('ET'), 0.05, 0.03],
      ['NET3', network(2), 0.2, 0.18],
      ['PAIRS', named('PAIRS'), 0.1, 0.1],
      ['DEEP163', named('DEEP163'), 0.1, 0.09],
      ['NET2', network(1), 0.12, 0.12],
      ['SHALLOW', named('SHALLOW'), 0.05, 0.04],
      ['NET4', network(3), 0.08, 0.06],
    ],
  },
  {
    rows: 100_000,
    entries: [
      ['LIN', linear, 0.05, 0.02],
      ['QUICK', quick, 0.05, 0.02],
      ['XT177', named('XT177'), 0.25, 0.18],
      ['CAT', named('CAT'), 0.3, 0.24],
      ['NET1', network(0), 0.22, 0.15],
      ['DEEP163', named('DEEP163'), 0.2, 0.18],
      ['PAIRS', named('PAIRS'), 0.15, 0.14],
      ['SPLINE', spline, 0.06, 0.03],
      ['ET', named('ET'), 0.08, 0.04],
      ['SHALLOW', named('SHALLOW'), 0.1, 0.06],
      ['NET2', network(1), 0.15, 0.14],
    ],
  },
  {
    rows: Number.POSITIVE_INFINITY,
    entries: [
      ['LIN', linear, 0.06, 0.02],
      ['QUICK', { ...quick, rounds: 100, learningRate: 0.2 }, 0.08, 0.03],
      ['DEEP163', { ...named('DEEP163'), leaves: 127, learningRate: 0.08, minRows: 20 }, 0.4, 0.35],
      ['XT177', { ...named('XT177'), leaves: 96, learningRate: 0.1 }, 0.4, 0.25],
      ['CAT', named('CAT'), 0.35, 0.25],
      ['NET4', network(3), 0.2, 0.12],
    ],
  },
];

export interface PortfolioFacts extends ColumnCounts {
  readonly metric?: string;
  readonly logTarget?: boolean;
  readonly directed?: boolean;
}

/**
 * More classes than this get one tree a round for all of them: with 7 and 10 classes log loss came out 5 to 30 % lower
 * than with a tree a class, with 3 the same. Extra trees did as well either way, and keep a tree a class for variety.
 */
const SHARED_CLASSES = 3;
/** More than this, and a tree a class would take all the time. */
const CROWDED_CLASSES = 10;
/** More than this, and even the quick start takes a large share. */
const MANY_CLASSES = 50;
/** Share of the quick start then. */
const MANY_SHARE = 0.25;

function forClasses({ name, design, share }: PortfolioEntry, classes: number): PortfolioEntry {
  const crowded = classes > CROWDED_CLASSES;
  if (crowded && design.learner === 'mlp') return { name, design, share: Math.min(0.6, share * 1.7) };
  if (design.learner !== 'boosting' || design.growth !== 'leafwise') return { name, design, share };
  const shared = classes > SHARED_CLASSES && (crowded || design.extraTrees !== true);
  if (!shared) return { name, design, share };
  // A quick start of few rounds needs more of them where they carry all classes.
  const more: Design = name === 'QUICK' ? { rounds: 400, learningRate: 0.2 } : {};
  const most = name === 'QUICK' && classes > MANY_CLASSES ? Math.max(share, MANY_SHARE) : share;
  return { name, share: most, design: { ...design, ...more, sharedTrees: true } };
}

/** Columns that designs look at where there are many: networks and the first trees at few, so that they are there soon. */
const [FEW_COLUMNS, MORE_COLUMNS] = [300, 1000];
/** Share of the linear model of all columns, which comes last. */
const ALL_COLUMNS_SHARE = 0.15;

/** Of many columns each design looks at the most telling ones; a linear model of all of them follows. */
function forColumns(entries: readonly PortfolioEntry[]): PortfolioEntry[] {
  const kept = entries.map(({ name, design, share }) => {
    const few = name === 'QUICK' || design.growth === 'oblivious' || design.learner === 'mlp';
    return { name, share, design: { ...design, screen: few ? FEW_COLUMNS : MORE_COLUMNS } };
  });
  const whole = entries.filter(({ name }) => name === 'LIN');
  return [...kept, ...whole.map(({ design }) => ({ name: 'LIN of all', design, share: ALL_COLUMNS_SHARE }))];
}

/**
 * The portfolio for a table of this size, cheap and quick first. Many classes favour networks over trees; of many columns
 * designs look at the most telling ones. Targets that
 * are skewed and never negative get a design for amounts; other quantiles than the median, and directions along columns,
 * leave only what can learn them.
 */
export function portfolioFor(
  rows: number,
  classes: number,
  searchSeconds: number,
  facts: PortfolioFacts = {},
): readonly PortfolioEntry[] {
  const { metric = '', logTarget = false, directed = false } = facts;
  const plan = plans.find((p) => rows <= p.rows)!;
  let entries = plan.entries.map(([name, design, short, long]) =>
    forClasses({ name, design, share: searchSeconds <= 90 ? short : long }, classes),
  );
  const level = quantileOf(metric);
  if (level !== null && level !== 0.5)
    entries = entries.filter(({ design }) => learnsQuantiles(String(design.learner)));
  if (directed) entries = entries.filter(({ design }) => keepsDirections(String(design.learner)));
  if (logTarget && (metric === 'rmse' || metric === 'r2')) {
    const share = entries.find(({ name }) => name === 'CAT')!.share;
    entries.splice(5, 0, { name: 'TWEEDIE', design: { ...named('CAT'), objective: 'tweedie' }, share });
  }
  if (isWide(facts)) entries = forColumns(entries);
  if (classes <= CROWDED_CLASSES) return entries;
  const first = entries.filter(({ name }) => ['LIN', 'QUICK', 'NET1', 'NET3'].includes(name));
  return [...first, ...entries.filter((entry) => !first.includes(entry))];
}
