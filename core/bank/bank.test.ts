import { describe, expect, it } from 'vitest';
import type { TaskKind } from '../contracts/task.ts';
import { fitPreparation, prepare } from '../prep/preparation.ts';
import { sampleColumns, sampleTable } from '../prep/sample-table.ts';
import type { TableColumn } from '../prep/table.ts';
import { numberColumn, stringColumn } from '../prep/table.ts';
import { fitTarget } from '../tasks/target.ts';
import { metaFeatures } from './meta-features.ts';
import { type BankTask, bankPortfolio, similarityWeights } from './portfolio.ts';

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
