import { expect, it } from 'vitest';
import { Random } from '../math/random.ts';
import { numberMetric } from '../metrics/regression.ts';
import { memberContributions } from './contributions.ts';

const rows = 800;
const random = new Random(6);
const truth = Float64Array.from({ length: rows }, () => random.normal());
const noisy = (scale: number) => Float32Array.from(truth, (y) => y + scale * random.normal());
const lossOf = (blended: Float32Array) => numberMetric('rmse', truth, blended);

it('is what the loss grows by without the member, the others scaled up', () => {
  const members = [noisy(0.3), noisy(0.6), noisy(0.6)];
  const found = memberContributions({ members, weights: [0.5, 0.25, 0.25], lossOf, rows, seed: 1 });
  const mix = (weights: readonly number[]) =>
    lossOf(members[0]!.map((_, i) => weights.reduce((sum, weight, m) => sum + weight * members[m]![i]!, 0)))();
  const whole = mix([0.5, 0.25, 0.25]);
  expect(found[0]!.value).toBeCloseTo(mix([0, 0.5, 0.5]) - whole, 5);
  expect(found[1]!.value).toBeCloseTo(mix([2 / 3, 0, 1 / 3]) - whole, 5);
  for (const one of found) expect(one!.low < one!.value && one!.value < one!.high).toBe(true);
  expect(found[0]!.low).toBeGreaterThan(0);
});

it('tells a copy, which nobody would miss, and a member that does harm', () => {
  const good = noisy(0.3);
  const [one, copy, bad] = memberContributions({
    members: [good, good, noisy(3)],
    weights: [0.4, 0.4, 0.2],
    lossOf,
    rows,
    seed: 1,
  });
  expect(one).toEqual(copy);
  expect(bad!.high).toBeLessThan(0);
  const twins = memberContributions({ members: [good, good], weights: [0.5, 0.5], lossOf, rows, seed: 1 });
  expect(twins[0]!.value).toBeCloseTo(0, 9);
});

it('leaves out the only member, and those for whom there is no time', () => {
  expect(memberContributions({ members: [noisy(1)], weights: [1], lossOf, rows, seed: 1 })).toEqual([null]);
  let asked = 0;
  const found = memberContributions({
    members: [noisy(1), noisy(1), noisy(1)],
    weights: [0.4, 0.3, 0.3],
    lossOf,
    rows,
    seed: 1,
    stop: () => ++asked > 2,
  });
  expect(found.map((one) => one === null)).toEqual([false, false, true]);
});
