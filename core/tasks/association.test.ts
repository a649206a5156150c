import { expect, test } from 'vitest';
import { numberColumn, stringColumn } from '../prep/table.ts';
import { targetLinks } from './association.ts';
import { packSample, type TableSample, unpackSample } from './sample.ts';

const rows = 2000;
const index = Array.from({ length: rows }, (_, i) => i);
/** Looks random and repeats: a multiplicative sequence. */
const noise = index.map((i) => ((i * 7919) % 997) / 997);
const sample: TableSample = {
  types: ['category', 'number', 'category', 'category', 'number', 'ignore'],
  table: {
    rows,
    columns: [
      stringColumn(
        'copy',
        noise.map((x) => (x > 0.5 ? 'a' : 'b')),
      ),
      numberColumn(
        'shifted',
        noise.map((x, i) => (i % 10 === 0 ? null : x + ((i * 31) % 100) / 100)),
      ),
      stringColumn(
        'id',
        index.map((i) => `row ${i}`),
      ),
      stringColumn(
        'outcome',
        noise.map((x, i) => (i % 400 === 3 ? null : x > 0.5 ? 'yes' : 'no')),
      ),
      numberColumn('amount', noise),
      stringColumn(
        'unused',
        noise.map((x) => (x > 0.5 ? 'a' : 'b')),
      ),
    ],
  },
};

test('classes: a copy scores 1 and is suspect, an identifier scores nothing, ignored columns are left out', () => {
  const links = new Map(targetLinks(sample, 'outcome', 'classification').map((link) => [link.column, link]));
  expect([...links.keys()]).toEqual(['copy', 'shifted', 'id', 'amount']);
  expect(links.get('copy')).toMatchObject({ strength: 1, suspect: true });
  expect(links.get('id')).toMatchObject({ suspect: false });
  expect(links.get('id')?.strength).toBeLessThan(0.1);
  expect(links.get('shifted')?.strength).toBeGreaterThan(0.2);
  expect(links.get('shifted')?.strength).toBeLessThan(0.95);
});

test('numbers: the share of variance explained, never below 0', () => {
  const links = new Map(targetLinks(sample, 'amount', 'regression').map((link) => [link.column, link.strength]));
  // Half of the variance of a uniform variable is between its halves' means, three quarters exactly.
  expect(links.get('copy')).toBeCloseTo(0.75, 1);
  expect(links.get('id')).toBe(0);
});

test.each([0, 1, 2, 3])('%i rows give no link and end', (n) => {
  const tiny: TableSample = {
    types: ['number', 'category'],
    table: {
      rows: n,
      columns: [
        numberColumn('x', index.slice(0, n)),
        stringColumn(
          'y',
          index.slice(0, n).map((i) => (i ? 'a' : null)),
        ),
      ],
    },
  };
  for (const kind of ['classification', 'regression'] as const)
    expect(targetLinks(tiny, 'y', kind).every((link) => !link.suspect && link.strength === 0)).toBe(true);
});

test('a packed sample comes back as it was', () => {
  expect(unpackSample(packSample(sample))).toEqual(sample);
});
