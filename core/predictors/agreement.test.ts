import { describe, expect, it } from 'vitest';
import { Random } from '../math/random.ts';
import { agreementOf } from './agreement.ts';

describe('agreement of a bank', () => {
  const random = new Random(4);
  const [count, tasks] = [3000, 4];
  const draw = () => Float64Array.from({ length: count }, () => random.normal());
  const rows = (score: (i: number, t: number) => number) => ({
    count,
    codes: new Uint8Array(count),
    tasks,
    bank: Float32Array.from({ length: count * tasks }, (_, at) => score(Math.floor(at / tasks), at % tasks)),
  });
  const noise = draw();
  const own = Array.from({ length: tasks }, draw);

  it('believes what options explain, and detail as far as it carries over', () => {
    const shared = draw();
    const smooth = rows((i) => noise[i]!);
    const partly = agreementOf(
      rows((i, t) => noise[i]! + 0.5 * shared[i]! + 0.5 * own[t]![i]!),
      smooth,
    );
    expect(partly.lean).toBeCloseTo(1, 1);
    // Of the mean detail of three others, variance 0.25 is shared and a third of 0.25 is theirs: 3/4 carries over.
    expect(partly.detail).toBeCloseTo(0.75, 1);
    expect(
      agreementOf(
        rows((i, t) => noise[i]! + own[t]![i]!),
        smooth,
      ).detail,
    ).toBeLessThan(0.1);
  });

  it('expects nothing of tasks that have nothing in common', () => {
    const { lean } = agreementOf(
      rows((i, t) => own[t]![i]! + 0.1 * own[(t + 1) % tasks]![(i + 1) % count]!),
      rows((i, t) => own[t]![i]!),
    );
    expect(lean).toBeLessThan(0.1);
  });

  it('takes one task at its word, and tasks that share no designs', () => {
    const apart = rows((i, t) => (i % tasks === t ? own[t]![i]! : 0));
    expect(agreementOf(apart, apart)).toEqual({ lean: 0.8, detail: 1 });
  });
});
