import { describe, expect, it } from 'vitest';
import { Random } from '../math/random.ts';
import { fitSurfaces } from './surfaces.ts';

describe('surfaces of a bank', () => {
  const random = new Random(1);
  const [columns, size, count] = [3, 4, 400];
  const levels = Uint8Array.from({ length: count * columns }, () => random.integer(size));
  const truth = Array.from({ length: count }, (_, i) => {
    const [a, b, c] = levels.subarray(i * columns);
    return a! / 2 - 1 + (b === c ? 1 : -0.3);
  });
  const rows = (scores: readonly number[]) => ({ count, codes: levels, bank: Float32Array.from(scores), tasks: 1 });
  const error = (scores: Float32Array, of: (i: number) => boolean) => {
    const picked = truth.flatMap((value, i) => (of(i) ? [(value - scores[i]!) ** 2] : []));
    return Math.sqrt(picked.reduce((sum, e) => sum + e, 0) / picked.length);
  };

  it('guess scores that are missing, pairs of options included, and leave the others', () => {
    const noisy = truth.map((value, i) => (i % 4 === 0 ? 0 : value + 0.6 * random.normal()));
    const known = rows(noisy);
    const { bank } = fitSurfaces(known, levels, columns, size).fill(known, levels, 1);
    expect(error(bank, (i) => i % 4 === 0)).toBeLessThan(0.45);
    expect(bank.filter((_, i) => i % 4 !== 0)).toEqual(known.bank.filter((_, i) => i % 4 !== 0));
  });

  it('keep as much detail of measured scores as they are told', () => {
    const known = rows(truth.map((value) => value + 0.6 * random.normal()));
    const surfaces = fitSurfaces(known, levels, columns, size);
    const smooth = surfaces.fill(known, levels, 0).bank;
    expect(error(smooth, () => true)).toBeLessThan(error(known.bank, () => true));
    surfaces.fill(known, levels, 0.25).bank.forEach((score, i) => {
      expect(score).toBeCloseTo(0.75 * smooth[i]! + 0.25 * known.bank[i]!, 5);
    });
  });

  it('say nothing where nothing is known', () => {
    const none = rows(truth.map(() => 0));
    expect(
      fitSurfaces(none, levels, columns, size)
        .fill(none, levels, 1)
        .bank.every((score) => score === 0),
    ).toBe(true);
  });
});
