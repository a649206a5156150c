import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../math/random.ts';
import { numberColumn, stringColumn } from '../prep/table.ts';
import { cohesionOf, componentsOf, type Groups, neighbourCohesion } from './cohesion.ts';
import { copyGroups } from './copies.ts';
import { sampleGroups, sampleRows } from './sample.ts';
import { partByTime } from './times.ts';

describe('cohesion', () => {
  const cells = fc.array(fc.tuple(fc.integer({ min: -1, max: 4 }), fc.integer({ min: 0, max: 5 })), {
    minLength: 4,
    maxLength: 40,
  });

  it('is the mean product over pairs of one group', () => {
    fc.assert(
      fc.property(cells, fc.boolean(), (rows, strings) => {
        const values = rows.map(([, value]) => value);
        const column = strings ? stringColumn('x', values.map(String)) : numberColumn('x', values);
        const components = componentsOf(column);
        const of = Int32Array.from(rows, ([group]) => group);
        let [sum, pairs] = [0, 0];
        for (let i = 0; i < of.length; i++)
          for (let j = 0; j < of.length; j++) {
            if (i === j || of[i]! < 0 || of[i] !== of[j]) continue;
            pairs++;
            for (const own of components) sum += own[i]! * own[j]!;
          }
        const { strength, deviations } = cohesionOf(components, { of, count: 5 });
        expect(strength).toBeCloseTo(pairs > 0 ? sum / pairs : 0, 9);
        expect(deviations).toBeCloseTo(pairs > 0 ? (sum / pairs) * Math.sqrt(pairs / 2) : 0, 9);
      }),
    );
  });

  it('is 1 where members are the same and within chance where groups say nothing', () => {
    const random = new Random(1);
    const of = Int32Array.from({ length: 600 }, (_, i) => i % 40);
    const groups: Groups = { of, count: 40 };
    const same = componentsOf(numberColumn('x', Array.from(of)));
    expect(cohesionOf(same, groups).strength).toBeCloseTo(1, 6);
    for (let k = 0; k < 20; k++) {
      const noise = Array.from(of, () => random.normal());
      expect(Math.abs(cohesionOf(componentsOf(numberColumn('x', noise)), groups).deviations)).toBeLessThan(4);
      const words = componentsOf(
        stringColumn(
          'x',
          noise.map((x) => `v${Math.round(x)}`),
        ),
      );
      expect(Math.abs(cohesionOf(words, groups).deviations)).toBeLessThan(4);
    }
  });

  it('of neighbours shows whether the order of groups means something', () => {
    const random = new Random(2);
    const of = Int32Array.from({ length: 800 }, () => random.integer(40));
    const names = Array.from({ length: 40 }, () => random.normal());
    const scale = componentsOf(
      numberColumn(
        'x',
        Array.from(of, (g) => g / 4 + random.normal()),
      ),
    );
    const named = componentsOf(
      numberColumn(
        'x',
        Array.from(of, (g) => 3 * names[g]! + random.normal()),
      ),
    );
    const groups = { of, count: 40 };
    expect(neighbourCohesion(scale, groups)).toBeGreaterThan(0.9 * cohesionOf(scale, groups).strength);
    expect(neighbourCohesion(named, groups)).toBeLessThan(0.5 * cohesionOf(named, groups).strength);
  });
});

describe('samples', () => {
  it('of rows are different ones, ascending, and all where they fit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 100 }), fc.nat(), (rows, size, seed) => {
        const chosen = sampleRows(rows, size, seed);
        expect(chosen).toHaveLength(Math.min(rows, size));
        expect([...new Set(chosen)]).toEqual([...chosen].sort((a, b) => a - b));
        expect(chosen.every((row) => row >= 0 && row < rows)).toBe(true);
      }),
    );
  });

  it('of groups hold groups whole, or a fiftieth of the sample of large ones', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1, max: 20 }), { maxLength: 400 }),
        fc.integer({ min: 100, max: 300 }),
        fc.nat(),
        (list, size, seed) => {
          const groups = Int32Array.from(list);
          const chosen = sampleGroups(groups, size, seed);
          expect(chosen.length).toBeLessThanOrEqual(size);
          expect([...new Set(chosen)]).toEqual([...chosen].sort((a, b) => a - b));
          const count = (rows: Iterable<number>) => {
            const sizes = new Map<number, number>();
            for (const row of rows) sizes.set(groups[row]!, (sizes.get(groups[row]!) ?? 0) + 1);
            return sizes;
          };
          const all = count(groups.keys());
          const most = Math.max(2, Math.floor(size / 50));
          for (const [group, taken] of count(chosen)) {
            expect(group).toBeGreaterThanOrEqual(0);
            expect(taken).toBe(Math.min(all.get(group)!, most));
          }
        },
      ),
    );
  });
});

describe('time', () => {
  it('parts rows so that no moment stands on both sides, about a third later', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 60, maxLength: 200 }), (list) => {
        const times = Float64Array.from(list, (value) => (value === 60 ? Number.NaN : value));
        const parts = partByTime(times);
        if (!parts) return;
        const { known, earlier, later } = parts;
        expect([...earlier, ...later].sort((a, b) => a - b)).toEqual([...known]);
        expect(known).toHaveLength(times.filter((value) => !Number.isNaN(value)).length);
        const last = Math.max(...Array.from(earlier, (row) => times[row]!));
        expect(Math.min(...Array.from(later, (row) => times[row]!))).toBeGreaterThan(last);
        const share = later.length / known.length;
        expect(share).toBeGreaterThanOrEqual(0.1);
        expect(share).toBeLessThanOrEqual(0.5);
      }),
    );
    expect(partByTime(new Float64Array(200).fill(3))).toBeNull();
    expect(partByTime(Float64Array.from({ length: 300 }, (_, i) => i))?.later).toHaveLength(100);
  });
});

describe('copies', () => {
  it('joined over others are one group, named by its first row', () => {
    const twins = [
      { row: 1, other: 4 },
      { row: 4, other: 6 },
      { row: 2, other: 3 },
    ];
    expect([...copyGroups(twins, 8)]).toEqual([-1, 1, 2, 2, 1, -1, 1, -1]);
  });
});
