import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import type { TextFeature } from '../contracts/learner.ts';
import type { Runtime } from '../contracts/runtime.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { daysFromCivil } from './date-features.ts';
import { dateReader, detectDateShape } from './date-shape.ts';
import { feedsOf } from './feeds.ts';
import { emitPreparation, fitPreparation, type Preparation, prepare } from './preparation.ts';
import { oddTable, sampleColumns, sampleTable } from './sample-table.ts';
import { numberColumn, stringColumn, type Table, takeRows } from './table.ts';

/** Features of `table` as the exported graph computes them, column-major like `prepare`. */
async function throughGraph(runtime: Runtime, preparation: Preparation, table: Table) {
  const graph = new GraphBuilder();
  const tensors = emitPreparation(graph, preparation);
  graph.output('numeric', 'float32', ['N', null], tensors.numeric);
  graph.output('codes', 'int64', ['N', null], tensors.codes);
  tensors.texts?.forEach(({ terms, lengths }, t) => {
    graph.output(`terms${t}`, 'int64', ['N', null], terms);
    graph.output(`lengths${t}`, 'float32', ['N', 1], lengths);
  });
  const session = await runtime.createSession(graph.toBytes());
  const { numeric, codes, ...texts } = await session.run(feedsOf(preparation, table));
  await session.dispose();
  const transpose = (data: ArrayLike<number | bigint>, width: number) => {
    const out: number[] = [];
    for (let j = 0; j < width; j++) for (let i = 0; i < table.rows; i++) out.push(Number(data[i * width + j]));
    return out;
  };
  return {
    numeric: transpose(numeric!.data as Float32Array, numeric!.dims[1]!),
    codes: transpose(codes!.data as BigInt64Array, codes!.dims[1]!),
    texts: (tensors.texts ?? []).map((_, t) => {
      const { data, dims } = texts[`terms${t}`]!;
      const row = (i: number) => Array.from((data as BigInt64Array).slice(i * dims[1]!, (i + 1) * dims[1]!), Number);
      return {
        terms: Array.from({ length: table.rows }, (_, i) => row(i).filter((term) => term > 0)),
        lengths: Array.from(texts[`lengths${t}`]!.data as Float32Array),
      };
    }),
  };
}

/** Terms of the rows counted from 1 and in the order of the graph: words, then pairs. */
function termsByRow({ starts, terms, lengths }: TextFeature, words: number) {
  const rows = Array.from(lengths, (_, i) => Array.from(terms.subarray(starts[i], starts[i + 1])));
  return {
    terms: rows.map((row) => [...row.filter((t) => t < words), ...row.filter((t) => t >= words)].map((t) => t + 1)),
    lengths: Array.from(lengths),
  };
}

async function expectSame(runtime: Runtime, preparation: Preparation, table: Table) {
  const expected = prepare(preparation, table);
  const actual = await throughGraph(runtime, preparation, table);
  expect(actual.numeric).toEqual(Array.from(expected.numeric));
  expect(actual.codes).toEqual(Array.from(expected.codes));
  const plans = preparation.columns.flatMap((plan) => (plan.kind === 'string' && plan.terms) || []);
  expect(actual.texts).toEqual(
    plans.map((plan, t) => {
      const { terms, lengths } = termsByRow(expected.texts![t]!, plan.words.length);
      return { terms, lengths };
    }),
  );
}

describe('preparation', () => {
  const { table } = sampleTable(400, 1);
  const preparation = fitPreparation(table, sampleColumns, { codedIntegers: 12 });

  it.each([nodeRuntime, webRuntime])('equals the graph bit for bit on $name', async (runtime) => {
    await expectSame(runtime, preparation, table);
    await expectSame(runtime, preparation, oddTable());
    await expectSame(runtime, preparation, takeRows(oddTable(), [0]));
  });

  it('knows words by any spelling and pairs of neighbours, with weights that sum exactly', () => {
    const notes = ['Not good', 'not good!', 'NOT good', 'good not', 'good  not', null, 'nothing known'];
    const texts = { rows: notes.length, columns: [stringColumn('x', notes)] };
    const fitted = fitPreparation(texts, [{ name: 'x', type: 'text' }]);
    const [plan] = fitted.columns;
    const terms = plan?.kind === 'string' ? plan.terms! : null!;
    expect(terms.words.map((forms) => [...forms].sort())).toEqual([
      ['good', 'good!'],
      ['NOT', 'Not', 'not'],
    ]);
    expect(terms.pairs).toEqual([1, 0]);
    for (const square of terms.squares) expect(Number.isInteger(16 * square)).toBe(true);
    const [feature] = prepare(fitted, texts).texts!;
    expect(termsByRow(feature!, 2).terms).toEqual([[2, 1, 3], [2, 1, 3], [2, 1, 3], [1, 2], [1, 2], [], []]);
    expect(feature!.lengths[5]).toBe(1);
    expect(feature!.lengths[3]).toBe(Math.fround(Math.sqrt(terms.squares[0]! + terms.squares[1]!)));
  });

  it('survives JSON', () => {
    expect(prepare(JSON.parse(JSON.stringify(preparation)), table)).toEqual(prepare(preparation, table));
  });

  it('declares every column and leaves out constants and row numbers', () => {
    expect(preparation.columns.map((plan) => plan.input)).toEqual(
      sampleColumns.map((column) => (column.name === 'label' ? 'label_input' : column.name)),
    );
    const unused = preparation.columns.filter((plan) => plan.kind === 'unused');
    expect(unused.map((plan) => plan.name)).toEqual(['always', 'row']);
  });

  it('codes missing as 0, unseen and rare as 1, and the commonest value as 2', () => {
    const values = ['b', 'b', 'b', 'a', 'a', 'once', null];
    const small = { rows: 7, columns: [stringColumn('x', values)] };
    const fitted = fitPreparation(small, [{ name: 'x', type: 'category' }]);
    expect(Array.from(prepare(fitted, small).codes)).toEqual([2, 2, 2, 3, 3, 1, 0]);
    const other = { rows: 2, columns: [stringColumn('x', ['new', ''])] };
    expect(Array.from(prepare(fitted, other).codes)).toEqual([1, 0]);
  });

  it('keeps a code for every value of a column of many repeated values, and pools the few rare ones of others', () => {
    const rows = 6000;
    const customers = Array.from({ length: rows }, (_, i) => `customer ${(i * i) % 2503}`);
    const towns = Array.from({ length: rows }, (_, i) => (i % 1000 === 0 ? `village ${i}` : `town ${i % 7}`));
    const names = Array.from({ length: rows }, (_, i) => `name ${i}`);
    const columns = { customers, towns, names };
    const many: Table = {
      rows,
      columns: Object.entries(columns).map(([name, texts]) => stringColumn(name, texts)),
    };
    const specs = Object.keys(columns).map((name) => ({ name, type: 'category' as const }));
    const { categoricalNames, cardinalities, codes } = prepare(fitPreparation(many, specs), many);
    expect(categoricalNames).toEqual(['customers', 'towns']);
    expect(cardinalities).toEqual([new Set(customers).size + 2, 7 + 2]);
    expect(codes.subarray(0, rows).includes(1)).toBe(false);
    expect(codes.subarray(rows).filter((code) => code === 1).length).toBe(6);
  });

  it('takes the usual markers for missing unless a column holds them as categories', async () => {
    const small = {
      rows: 4,
      columns: [stringColumn('x', ['a', 'a', 'b', 'b']), stringColumn('y', ['none', 'none', 'c', 'c'])],
    };
    const specs = ['x', 'y'].map((name) => ({ name, type: 'category' as const }));
    const fitted = fitPreparation(small, specs);
    const marked = ['none', 'NA', '?', 'a'];
    const rows = { rows: 4, columns: [stringColumn('x', marked), stringColumn('y', marked)] };
    expect(Array.from(prepare(fitted, rows).codes)).toEqual([0, 0, 0, 2, 3, 0, 0, 1]);
    await expectSame(nodeRuntime, fitted, rows);
  });

  it('keeps differences of integers beyond 2^24', () => {
    const values = Array.from({ length: 60 }, (_, i) => 1e12 + i * 7);
    const wide = { rows: 60, columns: [numberColumn('t', values)] };
    const fitted = fitPreparation(wide, [{ name: 't', type: 'number', wide: true }]);
    expect(new Set(prepare(fitted, wide).numeric).size).toBe(60);
  });

  it('keeps numbers beyond float32 finite and in order', async () => {
    const huge = { rows: 3, columns: [numberColumn('x', [-1e300, 0, 1e300])] };
    const fitted = fitPreparation(huge, [{ name: 'x', type: 'number' }]);
    const [low, middle, high] = prepare(fitted, huge).numeric;
    expect([low, high].every(Number.isFinite)).toBe(true);
    expect(low! < middle! && middle! < high!).toBe(true);
    await expectSame(nodeRuntime, fitted, huge);
  });

  it('works without numbers, without categories, and with neither', async () => {
    for (const names of [['income'], ['member'], ['always']]) {
      const fitted = fitPreparation(
        table,
        sampleColumns.filter((column) => names.includes(column.name)),
      );
      await expectSame(nodeRuntime, fitted, table);
    }
  });

  it('feeds columns with names that objects of JavaScript treat in their own way', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'a\nb', '😀', 'x'.repeat(3000)];
    const odd = {
      rows: 40,
      columns: names.map((name) =>
        numberColumn(
          name,
          Array.from({ length: 40 }, (_, i) => i % 7),
        ),
      ),
    };
    const fitted = fitPreparation(
      odd,
      names.map((name) => ({ name, type: 'number' as const })),
    );
    expect(fitted.columns.map(({ input }) => input)).toEqual(['__proto___input', ...names.slice(1)]);
    for (const runtime of [nodeRuntime, webRuntime]) await expectSame(runtime, fitted, odd);
  });

  it('reads any string as the graph does', async () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constantFrom('2024-1-1', '1.1.2021 7:05Z'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(text), { minLength: 1, maxLength: 20 }), async (values) => {
        // Text in tables is well-formed Unicode without NUL: readers replace the rest.
        const clean = values.map((value) => value?.toWellFormed().replaceAll('\0', '') ?? null);
        const columns = ['joined', 'seen', 'note', 'city'].map((name) => stringColumn(name, clean));
        await expectSame(nodeRuntime, preparation, { rows: clean.length, columns });
      }),
      { numRuns: 60 },
    );
  });
});

describe('dates', () => {
  it('counts days as Date does', () => {
    for (const [y, m, d] of [
      [1970, 1, 1],
      [2000, 2, 29],
      [1900, 3, 1],
      [2024, 12, 31],
      [1583, 1, 1],
    ] as const) {
      expect(daysFromCivil(y, m, d)).toBe(Date.UTC(y, m - 1, d) / 86_400_000);
    }
  });

  it('reads names of months as the graph does', async () => {
    for (const { form, shape, odd } of [
      {
        form: (d: number, m: string, y: number) => `${d} ${m} ${y}`,
        shape: { order: 'dmy', separator: ' ', time: null, named: true },
        odd: ['3 Mai 2021', '31 Feb 2021', '5  Jan 2021', 'May', '1 sept 2020', ''],
      },
      {
        form: (d: number, m: string, y: number) => `${m} ${d}, ${y}`,
        shape: { order: 'mdy', separator: ' ', time: null, named: true },
        odd: ['January 2 2021', 'JAN 02, 1999', 'Jan 2,2021', 'Jan ,2 2021'],
      },
      {
        form: (d: number, m: string, y: number) => `${d}-${m}-${y} 0${d % 10}:30:1${d % 10}`,
        shape: { order: 'dmy', separator: '-', time: ' ', named: true },
        odd: ['1-jan-2020', '1-Jan-2020 7:05', '1-Jan-2020 25:00', '2020-Jan-01'],
      },
    ] as const) {
      const names = ['Jan', 'february', 'MAR', 'Apr', 'May', 'June', 'jul', 'AUGUST', 'Sept', 'Oct', 'Nov', 'December'];
      const dates = Array.from({ length: 80 }, (_, i) => form(1 + ((i * 7) % 28), names[i % 12]!, 1990 + (i % 30)));
      expect(
        detectDateShape(
          dates,
          dates.map(() => 1),
        ),
      ).toEqual(shape);
      const read = dateReader(shape);
      expect(read(form(9, 'Sept', 2021))).toMatchObject({ year: 2021, month: 9, day: 9 });
      const rows = { rows: dates.length, columns: [stringColumn('when', dates)] };
      const fitted = fitPreparation(rows, [{ name: 'when', type: 'date' }]);
      expect(fitted.columns[0]?.kind).toBe('date');
      for (const runtime of [nodeRuntime, webRuntime]) {
        await expectSame(runtime, fitted, rows);
        await expectSame(runtime, fitted, { rows: odd.length, columns: [stringColumn('when', [...odd])] });
      }
    }
  });

  it('finds the shape, with the hint where the values fit both', () => {
    expect(detectDateShape(['2024-01-31'], [1])).toEqual({ order: 'ymd', separator: '-', time: null });
    expect(detectDateShape(['2024-01-31T10:00:00Z'], [1])).toEqual({ order: 'ymd', separator: '-', time: 'T' });
    expect(detectDateShape(['1/2/2024'], [1], 'DD/MM/YYYY')).toEqual({ order: 'dmy', separator: '/', time: null });
    expect(detectDateShape(['1/2/2024'], [1])).toEqual({ order: 'mdy', separator: '/', time: null });
    expect(detectDateShape(['31/1/2024', '1/2/2024'], [1, 1])).toEqual({ order: 'dmy', separator: '/', time: null });
    expect(detectDateShape(['soon', '2024-01-01'], [3, 1])).toBeNull();
  });
});

it('a column with a direction is read as a number alone, and says so to learners', () => {
  const table: Table = {
    rows: 40,
    columns: [
      numberColumn(
        'few',
        Array.from({ length: 40 }, (_, i) => (i * 7) % 5),
      ),
      numberColumn(
        'other',
        Array.from({ length: 40 }, (_, i) => (i * 3) % 4),
      ),
      stringColumn(
        'word',
        Array.from({ length: 40 }, (_, i) => `w${i % 3}`),
      ),
    ],
  };
  const specs = [
    { name: 'few', type: 'number' },
    { name: 'other', type: 'number' },
    { name: 'word', type: 'category' },
  ] as const;
  const options = { codedIntegers: 20 };
  const free = prepare(fitPreparation(table, specs, options), table);
  expect(free.directions).toBeUndefined();
  expect(free.categoricalNames).toEqual(['few', 'other', 'word']);
  const directed = specs.map((spec) => (spec.name === 'few' ? { ...spec, direction: -1 as const } : spec));
  const bound = prepare(fitPreparation(table, directed, options), table);
  expect(bound.directions).toEqual([-1, 0]);
  expect(bound.categoricalNames).toEqual(['other', 'word']);
});
