import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Dialect } from './dialect.ts';
import { createRecordParser } from './records.ts';

const dialect: Dialect = { delimiter: ',', quote: '"', escape: 'quote' };
const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;
const field = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r', ' ', '🐧', ';') });

function parse(text: string, cuts: readonly number[], how: Dialect = dialect) {
  const parser = createRecordParser(how);
  const records = [];
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    records.push(...parser.push(text.slice(from, Math.max(from, cut))));
    from = Math.max(from, cut);
  }
  records.push(...parser.push(text.slice(from)), ...parser.end());
  return { records, repairs: parser.repairs };
}

test('what is written with quotes is read back, wherever the text is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat(200), { maxLength: 5 }),
      fc.constantFrom('\n', '\r\n', '\r'),
      (rows, cuts, end) => {
        const text = rows.map((row) => row.map(quoted).join(',')).join(end) + end;
        const { records, repairs } = parse(text, cuts);
        expect(records.map((record) => record.fields)).toEqual(rows);
        expect(repairs).toMatchObject({ blankLines: 0, looseQuotes: 0 });
      },
    ),
  );
});

test('records know the line they begin on', () => {
  const { records, repairs } = parse('a,b\n"1\n2",x\r\n\n3,y\r4,z', []);
  expect(records.map((r) => [r.line, r.fields])).toEqual([
    [1, ['a', 'b']],
    [2, ['1\n2', 'x']],
    [5, ['3', 'y']],
    [6, ['4', 'z']],
  ]);
  expect(repairs.blankLines).toBe(1);
});

test('an open quote is named by its line', () => {
  expect(() => parse('a,b\n1,"x\n2,y\n', [])).toThrow(expect.objectContaining({ line: 2 }));
});
