import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../math/random.ts';
import { crossDesigns } from './crossover.ts';
import { enumerateDesigns } from './enumerate.ts';
import { canonicalText } from './identity.ts';
import { checkDesign, choice, countDesigns, range, type Space, sampleDesign } from './space.ts';

const space: Space = {
  name: 'nested',
  version: 1,
  decisions: [
    choice('kind', [
      { value: 'tree', opens: [range('depth', 1, 4, { whole: true, levels: 4 }), choice('leaf', ['mean', 'median'])] },
      {
        value: 'net',
        opens: [choice('act', ['relu', { value: 'leaky', opens: [range('slope', 0, 1, { levels: 3 })] }])],
      },
      'line',
    ]),
    choice('scale', [false, true]),
  ],
};

describe('small spaces', () => {
  it('are listed in full, each design once and valid', () => {
    const designs = [...enumerateDesigns(space, 100)];
    expect(designs).toHaveLength(countDesigns(space));
    expect(designs).toHaveLength(2 * (4 * 2 + 1 + 3 + 1));
    expect(new Set(designs.map((design) => canonicalText(space, design))).size).toBe(designs.length);
    expect(designs.flatMap((design) => checkDesign(space, design))).toEqual([]);
    expect(() => [...enumerateDesigns(space, 10)]).toThrow('more than 10');
  });

  it('hold every design that is drawn', () => {
    const listed = new Set([...enumerateDesigns(space, 100)].map((design) => canonicalText(space, design)));
    fc.assert(fc.property(fc.nat(), (seed) => listed.has(canonicalText(space, sampleDesign(space, new Random(seed))))));
  });
});

describe('crossing', () => {
  it('gives valid designs that decide as one parent or the other did', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = new Random(seed);
        const [a, b] = [sampleDesign(space, random), sampleDesign(space, random)];
        const child = crossDesigns(space, a, b, random);
        expect(checkDesign(space, child)).toEqual([]);
        for (const [name, value] of Object.entries(child)) expect([a[name], b[name]]).toContain(value);
      }),
    );
  });

  it('changes nothing between equal parents', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = new Random(seed);
        const a = sampleDesign(space, random);
        expect(crossDesigns(space, a, a, random)).toEqual(a);
      }),
    );
  });
});
