import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portfolioFor } from '../learners/portfolio.ts';
import { learnerNamed } from '../learners/registry.ts';
import { Random } from '../math/random.ts';
import { isLabelMetric } from '../metrics/classification.ts';
import { canonicalText, describeDesign, hashDesign } from './identity.ts';
import {
  checkDesign,
  choice,
  completeDesign,
  countDesigns,
  mutateDesign,
  range,
  type Space,
  sampleDesign,
} from './space.ts';
import { tabularSpace } from './tabular.ts';

const toy: Space = {
  name: 'toy',
  version: 1,
  decisions: [
    choice(
      'kind',
      [{ value: 'tree', opens: [range('depth', 1, 4, { whole: true, levels: 4, phrase: 'depth {}' })] }, 'line'],
      {
        phrase: '{}',
      },
    ),
    choice('deep', [false, true], { phrase: 'deep {}' }),
  ],
};
const tabular = tabularSpace({ problem: 'regression', metric: 'rmse', logTarget: true });

describe('spaces', () => {
  it('count what sampling can draw', () => {
    expect(countDesigns(toy)).toBe((4 + 1) * 2);
    const random = new Random(1);
    const seen = new Set(Array.from({ length: 500 }, () => canonicalText(toy, sampleDesign(toy, random))));
    expect(seen.size).toBe(10);
    expect(countDesigns(tabular)).toBeGreaterThan(1e6);
  });

  it('sample and mutate valid designs; a mutation changes one open decision', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = new Random(seed);
        const design = sampleDesign(tabular, random);
        expect(checkDesign(tabular, design)).toEqual([]);
        const mutated = mutateDesign(tabular, design, random)!;
        expect(checkDesign(tabular, mutated.design)).toEqual([]);
        const shared = Object.keys(design).filter((name) => name in mutated.design);
        const differing = shared.filter((name) => design[name] !== mutated.design[name]);
        expect(differing).toContain(mutated.changed);
        // Another learner may read a decision of the same name otherwise.
        if (mutated.changed !== 'learner') expect(differing).toEqual([mutated.changed]);
        expect(hashDesign(tabular, mutated.design)).not.toBe(hashDesign(tabular, design));
      }),
      { numRuns: 200 },
    );
  });

  it('know equal designs whatever their order and what they leave out', () => {
    expect(hashDesign(toy, { deep: false, kind: 'tree' })).toBe(hashDesign(toy, { kind: 'tree', depth: 1 }));
    expect(completeDesign(toy, { kind: 'line', depth: 3 })).toEqual({ kind: 'line', deep: false });
    expect(describeDesign(toy, { kind: 'tree', depth: 3, deep: true })).toBe('tree · depth 3 · deep');
  });

  it('say what is wrong', () => {
    expect(checkDesign(toy, { kind: 'bush' })).toHaveLength(1);
    expect(checkDesign(toy, { kind: 'tree', depth: 9 })).toHaveLength(1);
    expect(checkDesign(toy, { kind: 'line', depth: 2 })).toEqual(['depth is not a decision here.']);
  });
});

it.each([
  [{ problem: 'binary', metric: 'accuracy', logTarget: false }, 2],
  [{ problem: 'multiclass', metric: 'log_loss', logTarget: false }, 30],
  [{ problem: 'regression', metric: 'rmse', logTarget: true }, 1],
  [{ problem: 'regression', metric: 'pinball_90', logTarget: false }, 1],
  [{ problem: 'regression', metric: 'rmse', logTarget: true, directed: true }, 1],
] as const)('holds every design of every portfolio, each for a learner that is there: %o', (facts, classes) => {
  const space = tabularSpace(facts);
  for (const rows of [500, 5000, 50_000, 500_000]) {
    for (const { design, name } of portfolioFor(rows, classes, 60, facts)) {
      // Label smoothing is left out where the space does not hold it.
      const { labelSmoothing, ...rest } = design;
      expect([name, ...checkDesign(space, isLabelMetric(facts.metric) ? design : rest)]).toEqual([name]);
      expect(learnerNamed(String(design.learner)).name).toBe(design.learner);
    }
  }
});

it('holds ensembles of so many networks, and none for networks that are alone', () => {
  const of = (design: Record<string, string | number>) => checkDesign(tabular, { learner: 'mlp', ...design });
  expect(of({ architecture: 'tabm', ensemble: 12 })).toEqual([]);
  expect(of({ architecture: 'tabm', ensemble: 1 })).toHaveLength(1);
  expect(of({ architecture: 'residual', ensemble: 8 })).toEqual(['ensemble is not a decision here.']);
  expect(completeDesign(tabular, { learner: 'mlp' })).toMatchObject({ architecture: 'plain' });
});

it('leaves only learners that can keep to directions, where there are some', () => {
  const directed = tabularSpace({ problem: 'binary', metric: 'roc_auc', logTarget: false, directed: true });
  for (const learner of ['linear', 'forest', 'mlp'])
    expect(checkDesign(directed, { learner })).toContain(`learner cannot be "${learner}".`);
  const random = new Random(4);
  for (let i = 0; i < 50; i++) expect(sampleDesign(directed, random).learner).toBe('boosting');
  const learners = portfolioFor(5000, 2, 60, { metric: 'roc_auc', directed: true }).map(({ design }) => design.learner);
  expect(learners.length).toBeGreaterThan(3);
  expect(new Set(learners)).toEqual(new Set(['boosting']));
});
