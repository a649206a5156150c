import { describe, expect, it } from 'vitest';
import { Random } from '../math/random.ts';
import { choice, range, type Space, sampleDesign } from '../spaces/space.ts';
import { DesignKernel, type DesignRows } from './design-kernel.ts';
import { fitDesignModel } from './design-model.ts';
import { encodingOf, INACTIVE } from './encoding.ts';
import { explained, factorKernel, scaledEvidence, solveGaussian } from './gaussian-process.ts';
import { CHOICES } from './model-choices.ts';
import { normalScores } from './normal-scores.ts';
import { optionTablesOf } from './option-tables.ts';

const space: Space = {
  name: 'toy',
  version: 1,
  decisions: [
    choice('kind', [{ value: 'tree', opens: [range('depth', 1, 8, { whole: true, levels: 8 })] }, 'line', 'net']),
    choice('flag', [false, true]),
  ],
};
const encoding = encodingOf(space);

describe('encoding', () => {
  it('marks decisions that are not open and takes the nearest level', () => {
    expect(encoding.columns.map(({ name }) => name)).toEqual(['kind', 'depth', 'flag']);
    expect([...encoding.encode({ kind: 'line', flag: true })]).toEqual([1, INACTIVE, 1]);
    expect([...encoding.encode({ kind: 'tree', depth: 3.2, flag: false })]).toEqual([0, 2, 0]);
  });
});

describe('Gaussian process', () => {
  it('solves the regression equations', () => {
    const kernel = Float64Array.of(2, 0.5, 0.5, 1);
    const fit = solveGaussian(factorKernel(kernel, 2, 0.5)!, Float64Array.of(1, -1));
    // Inverse of [[2.5, 0.5], [0.5, 1.5]] by hand.
    expect(fit.alpha[0]).toBeCloseTo((1.5 + 0.5) / 3.5, 12);
    expect(fit.alpha[1]).toBeCloseTo((-2.5 - 0.5) / 3.5, 12);
    const quadratic = fit.alpha[0]! - fit.alpha[1]!;
    expect(fit.logEvidence).toBeCloseTo(-0.5 * quadratic - 0.5 * Math.log(3.5) - Math.log(2 * Math.PI), 12);
    expect(explained(fit, Float64Array.of(2, 0.5), 1)[0]).toBeCloseTo((1.5 * 4 - 2 * 0.5 + 2.5 * 0.25) / 3.5, 12);
    const { amplitude, logEvidence } = scaledEvidence(fit, Float64Array.of(1, -1));
    expect(amplitude).toBeCloseTo((6 + quadratic) / 8, 12);
    // Of a Student variable with six degrees of freedom, less what only the number of observations decides.
    const student = -0.5 * Math.log(3.5) - 4 * Math.log(1 + quadratic / 6);
    expect(logEvidence).toBeCloseTo(student - Math.log(2 * Math.PI), 12);
  });

  it('says so when a kernel is singular', () => {
    expect(factorKernel(Float64Array.of(1, 1, 1, 1), 2, 0)).toBeNull();
  });
});

describe('model of designs', () => {
  const truth = (design: Readonly<Record<string, unknown>>) =>
    (design.kind === 'tree' ? Math.abs(Number(design.depth) - 5) : 4) + (design.flag ? 0.5 : 0);
  const random = new Random(3);
  const designs = Array.from({ length: 60 }, () => sampleDesign(space, random));
  const rows = (of: typeof designs, bank: (design: (typeof designs)[number]) => number): DesignRows => {
    const codes = new Uint8Array(of.length * 3);
    of.forEach((design, i) => {
      codes.set(encoding.encode(design), i * 3);
    });
    return { count: of.length, codes, bank: Float32Array.from(of, bank), tasks: 1 };
  };
  const correlation = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    const [x, y] = [normalScores(a), normalScores(b)];
    const dot = (u: Float64Array, v: Float64Array) => u.reduce((sum, value, i) => sum + value * v[i]!, 0);
    return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
  };

  it('ranks designs it has not seen, and is surer near those it has', () => {
    const known = designs.slice(0, 25);
    const model = fitDesignModel(
      new DesignKernel(optionTablesOf(encoding, null), 3),
      rows(known, () => 0),
      known.map(truth),
    );
    const fresh = designs.slice(25);
    const { mean } = model.predict(rows(fresh, () => 0));
    expect(correlation(mean, fresh.map(truth))).toBeGreaterThan(0.8);
    expect(correlation(model.means(rows(fresh, () => 0)), mean)).toBeGreaterThan(0.9);
  });

  it('believes a bank that agrees more than one that does not', () => {
    const known = designs.slice(0, 25);
    const model = (bank: (design: (typeof designs)[number]) => number) =>
      fitDesignModel(
        new DesignKernel(optionTablesOf(encoding, rows(known, bank)), 3),
        rows(known, bank),
        known.map(truth),
      ).trust;
    const noise = new Random(9);
    expect(model((design) => (truth(design) - 2) / 2)).toBeGreaterThan(0.9);
    expect(model(() => 3 * noise.normal())).toBeLessThan(0.9);
  });

  it('weighs all kernels where the one it was told fits no more', () => {
    // Distances of a bank need not be those of a space: a and c are both like b and not at all like each other.
    const letters = encodingOf({ name: 'letters', version: 1, decisions: [choice('one', ['a', 'b', 'c'])] });
    const tables = optionTablesOf(letters, null);
    const distances = new Float32Array(tables.size ** 2);
    distances[2] = 1000;
    distances[2 * tables.size] = 1000;
    const known = { count: 3, codes: Uint8Array.of(0, 1, 2), bank: new Float32Array(3), tasks: 1 };
    const kernel = new DesignKernel({ ...tables, distances }, 1);
    const exchange = CHOICES.findIndex(({ weights, noise }) => weights.exchange === 1 && noise < 0.1);
    const model = fitDesignModel(kernel, known, [1, 2, 3], [exchange]);
    expect(model.choices).not.toContain(exchange);
    expect(model.predict(known).mean[0]!).toBeLessThan(model.predict(known).mean[2]!);
  });
});
