import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Random } from '../math/random.ts';
import { choice, range, type Space, sampleDesign } from '../spaces/space.ts';
import { tabularSpace } from '../spaces/tabular.ts';
import { descend, wayTo, weightsOf } from './decision-tree.ts';

const nested: Space = {
  name: 'nested',
  version: 1,
  decisions: [
    choice('kind', [{ value: 'tree', opens: [range('depth', 1, 9, { whole: true, levels: 9 })] }, 'line', 'net']),
    choice('width', [16, 32, 64, 128, 256, 512], { ordered: true }),
    choice('never', ['yes', { value: 'no', weight: 0 }]),
  ],
};

it('leads to every design that can be drawn, by its own values', () => {
  fc.assert(
    fc.property(fc.nat(), fc.boolean(), (seed, small) => {
      const space = small ? nested : tabularSpace({ problem: 'regression', metric: 'rmse', logTarget: true });
      const design = sampleDesign(space, new Random(seed));
      expect(descend(space, (fork) => wayTo(fork, design[fork.decision.name]!))).toEqual(design);
    }),
  );
});

it('halves ordered values and leaves out what is never drawn', () => {
  const seen: string[] = [];
  const design = descend(nested, (fork) => {
    seen.push(`${fork.decision.name} ${fork.branches.map((branch) => branch.length).join('+')}`);
    return fork.branches.length - 1;
  });
  expect(design).toEqual({ kind: 'net', width: 512, never: 'yes' });
  expect(seen).toEqual(['kind 1+1+1', 'width 3+3', 'width 1+1+1']);
});

it('weighs ways as random designs take them, and stops where it is told to', () => {
  const weights: number[][] = [];
  const stopped = descend(nested, (fork) => {
    weights.push(weightsOf(fork));
    return weights.length < 2 ? 0 : null;
  });
  expect(stopped).toBeNull();
  expect(weights).toEqual([
    [1, 1, 1],
    [4, 5],
  ]);
});
