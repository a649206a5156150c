import { describe, expect, it } from 'vitest';
import type { TaskKind } from '../contracts/task.ts';
import { fitPreparation, prepare } from '../prep/preparation.ts';
import { sampleColumns, sampleTable } from '../prep/sample-table.ts';
import type { TableColumn } from '../prep/table.ts';
import { numberColumn, stringColumn } from '../prep/table.ts';
import { fitTarget } from '../tasks/target.ts';
import { placeTasks } from './map.ts';
import { metaFeatures } from './meta-features.ts';
import { type BankTask, bankPortfolio } from './portfolio.ts';
import { endsOf, progressAt, type TimedTrial } from './progress.ts';
import { similarityWeights } from './similarity.ts';

describe('meta-features', () => {
  const { table, score } = sampleTable(500, 2);
  const features = prepare(fitPreparation(table, sampleColumns), table);
  const facts = (column: TableColumn, kind: TaskKind) => {
    const { plan, values } = fitTarget(column, kind);
    return metaFeatures({ features, target: plan, values, folds: { kind: 'random', folds: [] } });
  };

  it('are finite and tell kinds and sizes apart', () => {
    const classes = facts(
      stringColumn(
        'y',
        Array.from(score, (s) => (s > 1 ? 'a' : 'b')),
      ),
      'classification',
    );
    const numbers = facts(numberColumn('y', Array.from(score)), 'regression');
    for (const value of [...Object.values(classes), ...Object.values(numbers)])
      expect(Number.isFinite(value)).toBe(true);
    expect(classes.regression).toBe(0);
    expect(numbers.regression).toBe(1);
    expect(classes.logClasses).toBeCloseTo(Math.log10(2));
    expect(classes.missingShare).toBeGreaterThan(0.01);
    // Income is behind the score.
    expect(numbers.maxLink).toBeGreaterThan(0.2);
    expect(Object.keys(classes)).toEqual(Object.keys(numbers));
  });
});

describe('the portfolio of the bank', () => {
  const trial = (hash: string, score: number) => ({
    hash,
    design: { learner: hash },
    learner: hash,
    score,
    seconds: 1,
  });
  const task = (id: string, logRows: number, scores: Record<string, number>): BankTask => ({
    id,
    name: id,
    metaFeatures: { logRows, logColumns: 1 },
    direction: 'maximize',
    trials: Object.entries(scores).map(([hash, score]) => trial(hash, score)),
  });
  const tasks = [
    task('small', 2, { tree: 0.6, line: 0.9, net: 0.7, odd: 0.1 }),
    task('large', 5, { tree: 0.9, line: 0.5, net: 0.8, odd: 0.1 }),
    task('huge', 6, { tree: 0.95, line: 0.5, net: 0.9, odd: 0.1 }),
  ];

  it('prefers what did well on similar tasks and covers the others next', () => {
    const near = bankPortfolio({ logRows: 2.1, logColumns: 1 }, tasks, 3);
    expect(near.designs.map(({ hash }) => hash)).toEqual(['line', 'tree']);
    expect(near.tasks[0]).toMatchObject({ id: 'small' });
    expect(near.tasks[0]!.reason).toContain('similar size');
    const far = bankPortfolio({ logRows: 5.6, logColumns: 1 }, tasks, 1);
    expect(far.designs[0]).toMatchObject({ hash: 'tree', reason: 'did best on large and huge' });
  });

  it('leaves every task a floor of weight', () => {
    const weights = similarityWeights({ a: 0 }, [{ a: 0 }, { a: 100 }, { a: 200 }]);
    expect(weights.reduce((x, y) => x + y, 0)).toBeCloseTo(1, 9);
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(0.1);
    expect(weights[0]).toBeGreaterThan(weights[1]!);
  });

  it('suggests nothing from an empty bank or from tasks with too few trials', () => {
    expect(bankPortfolio({ logRows: 2 }, [], 3)).toEqual({ designs: [], tasks: [] });
    expect(bankPortfolio({ logRows: 2 }, [task('x', 2, { tree: 1 })], 3).designs).toEqual([]);
  });
});

describe('progress on a task', () => {
  const trials: TimedTrial[] = [
    { learner: 'baseline', origin: 'portfolio', score: 0.5, seconds: 1 },
    { learner: 'linear', origin: 'portfolio', score: 0.7, seconds: 1 },
    { learner: 'mlp', origin: 'random', score: 0.6, seconds: 8 },
    { learner: 'boosting', origin: 'mutation', score: 0.9, seconds: 10 },
  ];

  it('is the share of the way from the baseline to the best, whatever the metric', () => {
    const ends = endsOf(trials, 'maximize')!;
    expect(ends).toEqual({ start: 0.5, end: 0.9 });
    for (const [i, share] of [0, 0, 0.5, 0.5, 1, 1].entries())
      expect(progressAt(trials, ends, [0, 1, 2, 10, 20, 99])[i]).toBeCloseTo(share, 12);
    const losses = trials.map((trial) => ({ ...trial, score: 100 - 20 * trial.score }));
    const falling = endsOf(losses, 'minimize')!;
    progressAt(losses, falling, [0, 2, 20]).forEach((share, i) => {
      expect(share).toBeCloseTo(progressAt(trials, ends, [0, 2, 20])[i]!, 12);
    });
  });

  it('of random designs alone ends where the best of them ends, never below the baseline', () => {
    const ends = endsOf(trials, 'maximize')!;
    const random = trials.filter(({ origin }) => origin === 'random');
    expect(progressAt(random, ends, [4, 8])[1]).toBeCloseTo(0.25, 12);
    expect(progressAt([{ ...random[0]!, score: 0.1 }], ends, [99])).toEqual([0]);
  });

  it('is unknown where nothing was gained', () => {
    expect(endsOf([], 'maximize')).toBeNull();
    expect(endsOf(trials.slice(0, 1), 'maximize')).toBeNull();
  });
});

describe('the map of tasks', () => {
  it('keeps what is alike together and names what its axes mean', () => {
    const tasks = [2, 2.1, 5, 5.1].map((logRows, i) => ({ logRows, missingShare: 0.01 * (i % 2), same: 1 }));
    const { points, axes } = placeTasks(tasks);
    const gap = (i: number, j: number) => Math.hypot(points[i]!.x - points[j]!.x, points[i]!.y - points[j]!.y);
    expect(axes[0]).toEqual({ name: 'logRows', share: expect.closeTo(0.5, 1) });
    expect(points[3]!.x).toBeGreaterThan(points[0]!.x);
    expect(gap(0, 1)).toBeLessThan(gap(0, 3));
    // Two features differ: nothing is lost in two dimensions.
    const [a, b] = [tasks[0]!, tasks[3]!];
    expect(gap(0, 3)).toBeCloseTo(Math.hypot((b.logRows - a.logRows) / deviation(tasks.map((t) => t.logRows)), 2), 9);
  });

  it('places one task, and tasks that do not differ, at the origin', () => {
    expect(placeTasks([{ a: 3 }]).points).toEqual([{ x: 0, y: 0 }]);
    expect(placeTasks([{ a: 3 }, { a: 3 }]).points).toEqual([
      { x: 0, y: 0 },
      { x: 0, y: 0 },
    ]);
    expect(placeTasks([])).toEqual({ points: [], axes: [] });
  });
});

function deviation(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
}
