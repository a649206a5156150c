import { describe, expect, test } from 'vitest';
import { bagSeconds } from './seconds.ts';

const facts = { rows: 700, folds: 8, numericColumns: 10, categoricalColumns: 4, outputs: 1 };
const narrow = { width: 32, layers: 2, numericEmbedding: 'none', epochs: 100 };
const wide = { width: 384, layers: 3, numericEmbedding: 'none', epochs: 100 };

describe('expected seconds of a bag', () => {
  test('narrow networks share what a step costs, wide ones do not', () => {
    const share = (design: typeof narrow) => bagSeconds(design, facts) / bagSeconds(design, { ...facts, folds: 1 });
    expect(share(narrow)).toBeLessThan(6);
    expect(share(wide)).toBeGreaterThan(7.5);
  });

  test('grow with epochs, rows, columns, layers and seeds', () => {
    const base = bagSeconds(wide, facts);
    const changes: Record<string, string | number>[] = [
      { epochs: 200 },
      { layers: 4 },
      { seeds: 2 },
      { numericEmbedding: 'pbld' },
      { width: 512 },
    ];
    for (const more of changes) expect(bagSeconds({ ...wide, ...more }, facts)).toBeGreaterThan(base);
    expect(bagSeconds(wide, { ...facts, rows: 7000 })).toBeGreaterThan(4 * base);
    expect(bagSeconds(wide, { ...facts, numericColumns: 100 })).toBeGreaterThan(base);
    expect(bagSeconds({ ...wide, numericEmbedding: 'ple' }, { ...facts, numericColumns: 0 })).toBeGreaterThan(0);
  });

  test('ensembles take longer with members, but less than as many networks; blocks longer than layers', () => {
    const of = (more: Record<string, string | number>) => bagSeconds({ ...wide, ...more }, facts);
    const plain = of({});
    const ensemble = (members: number) => of({ architecture: 'tabm', ensemble: members });
    expect(ensemble(16)).toBeGreaterThan(1.7 * ensemble(8));
    expect(ensemble(8)).toBeGreaterThan(4 * plain);
    expect(ensemble(8)).toBeLessThan(of({ seeds: 8 }));
    expect(of({ architecture: 'residual' })).toBeGreaterThan(1.3 * plain);
  });
});
