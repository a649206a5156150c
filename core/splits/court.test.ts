import { describe, expect, it } from 'vitest';
import type { SplitQuestion, SplitReport } from '../contracts/splits.ts';
import { Random } from '../math/random.ts';
import { takeRows } from '../prep/table.ts';
import { judgeSplits, sampleSize } from './court.ts';
import {
  copiedRows,
  courtInput,
  fairTowns,
  harmlessPatients,
  knowingColumn,
  leakingPatients,
  type MadeUp,
  sales,
  tableOf,
} from './testing/made-up.ts';

const judge = (made: MadeUp) => judgeSplits(courtInput(made));
const about = (report: SplitReport, column: string | null): SplitQuestion | undefined =>
  report.questions.find((question) => question.column === column);
const alarms = (report: SplitReport) => report.questions.filter(({ matters }) => matters).map(({ column }) => column);

describe('groups', () => {
  it('are asked about, with the price, where other columns give them away', async () => {
    const report = await judge(leakingPatients(1));
    const question = about(report, 'patient')!;
    expect(report.questions[0]).toBe(question);
    expect(question).toMatchObject({
      about: 'group',
      matters: true,
      groups: 60,
      company: 1,
      split: { kind: 'group', groupColumn: 'patient' },
    });
    expect(question.random).toBeGreaterThan(0.95);
    expect(question.apart).toBeLessThan(0.75);
    expect(question.gap.low).toBeGreaterThan(0.15);
    expect(question.gap.value).toBeCloseTo(question.random - question.apart, 10);
    expect(question.gap.low).toBeLessThan(question.gap.value);
    expect(question.gap.high).toBeGreaterThan(question.gap.value);
    expect(report).toMatchObject({ metric: 'roc_auc', rows: 480, looked: 480, cut: false });
    expect(report.score).toBeGreaterThan(0.95);
  });

  it('are found by numbers too, unless these are points of a scale', async () => {
    const { table, ...made } = leakingPatients(2);
    const renamed = {
      ...made,
      table: {
        ...table,
        columns: table.columns.map((column) =>
          column.kind === 'string' && column.name === 'patient'
            ? // Scattered, as numbers of files are.
              {
                kind: 'number' as const,
                name: 'file',
                values: Float64Array.from(column.codes, (c) => (Number(column.dictionary[c]!.slice(1)) * 37) % 61),
              }
            : column,
        ),
      },
    };
    expect(alarms(await judge(renamed))).toContain('file');
    const towns = await judge(fairTowns(3));
    expect(about(towns, 'age')).toBeUndefined();
  });

  it('that are a fair property of a row make no alarm', async () => {
    for (const seed of [1, 2, 3, 4]) expect(alarms(await judge(fairTowns(seed)))).toEqual([]);
  });

  it('without meaning make no alarm, nor do times, in any of several tables', async () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const report = await judge({ ...harmlessPatients(seed), seed });
      expect(alarms(report), `seed ${seed}`).toEqual([]);
      expect(report.leaks).toEqual([]);
      expect(report.orders).toEqual([]);
      expect(about(report, 'when')).toMatchObject({ about: 'time', matters: false });
    }
    for (const seed of [1, 2, 3]) {
      const report = await judge({ ...harmlessPatients(seed, 'regression'), seed });
      expect(alarms(report), `seed ${seed}`).toEqual([]);
      expect(report.metric).toBe('r2');
    }
  });
});

describe('time', () => {
  it('is asked about where the target climbs, with what changed', async () => {
    const report = await judge(sales(1, 1));
    const question = about(report, 'day')!;
    expect(question).toMatchObject({
      about: 'time',
      matters: true,
      rows: 200,
      split: { kind: 'time', timeColumn: 'day' },
    });
    expect(question.gap.low).toBeGreaterThan(0.1);
    expect(question.drift!.low).toBeGreaterThan(0.8);
    expect(question.drift!.columns.map(({ column }) => column)).toEqual(expect.arrayContaining(['stock', 'amount']));
  });

  it('makes no alarm where nothing drifts', async () => {
    for (const seed of [1, 2, 3, 4]) {
      const question = about(await judge({ ...sales(seed, 0), seed }), 'day')!;
      expect(question.matters, `seed ${seed}`).toBe(false);
      expect(question.drift!.low).toBeLessThan(0.55);
    }
  });
});

describe('copies', () => {
  it('are priced, and all but one of each are named', async () => {
    const report = await judge(copiedRows(1, 0.14));
    const question = about(report, null)!;
    expect(question).toMatchObject({ about: 'copies', matters: true, split: null, groups: 210 });
    expect(question.company).toBeCloseTo(0.28, 10);
    expect([...question.extra]).toEqual(Array.from({ length: 210 }, (_, i) => 1290 + i));
  });

  it('are found where they are not quite the same', async () => {
    const question = about(await judge(copiedRows(2, 0.04, 1e-3)), null)!;
    expect(question.groups).toBeGreaterThanOrEqual(55);
    expect([...question.extra]).toEqual(expect.arrayContaining([1499, 1490, 1445]));
  });

  it('are no question where there are none', async () => {
    for (const seed of [1, 2]) expect(about(await judge(copiedRows(seed, 0)), null)).toBeUndefined();
  });
});

describe('leaks', () => {
  it('name the column that knows, and what is left without it', async () => {
    const report = await judge(knowingColumn(1, 1));
    expect(report.leaks.map(({ column }) => column)).toEqual(['total']);
    const [leak] = report.leaks;
    expect(leak).toMatchObject({ suspect: true });
    expect(leak!.alone).toBeGreaterThan(0.98);
    expect(leak!.without).toBeLessThan(0.93);
    expect(leak!.loss.low).toBeGreaterThan(0.03);
    const innocent = await judge(knowingColumn(1, 0));
    expect(innocent.leaks).toEqual([]);
    expect(innocent.orders).toEqual([]);
  });

  it('are seen in files that alternate, and not said twice of a column that names groups', async () => {
    const random = new Random(1);
    const rows = Array.from({ length: 400 }, (_, i) => i);
    const table = tableOf({
      code: rows.map((i) => `c${i % 8}`),
      a: rows.map(() => random.normal()),
      b: rows.map(() => random.normal()),
      y: rows.map((i) => ([0, 3, 5, 6].includes(i % 8) ? 'yes' : 'no')),
    });
    const { leaks } = await judge({ table, target: 'y', kind: 'classification' });
    expect(leaks.map(({ column }) => column)).toEqual(['code']);
    expect((await judge(leakingPatients(1))).leaks).toEqual([]);
  });

  it('show where an identifier or the order of the rows goes with the target', async () => {
    const made = knowingColumn(2, 0);
    const target = made.table.columns.find(({ name }) => name === 'won')!;
    if (target.kind !== 'string') throw new Error('won is a category');
    const byClass = Array.from(target.codes.keys()).sort((a, b) => target.codes[a]! - target.codes[b]!);
    const sorted = takeRows(made.table, byClass);
    const counted = tableOf({ id: byClass.map((_, i) => `case ${i + 1}`) });
    const columns = sorted.columns.map((column) => (column.name === 'id' ? counted.columns[0]! : column));
    const report = await judge({ ...made, table: { rows: sorted.rows, columns } });
    expect(report.orders.map(({ column }) => column)).toEqual(['id', null]);
    for (const { score } of report.orders) expect(score).toBeGreaterThan(0.95);
  });
});

describe('a separate test table', () => {
  const sample = (seed: number, moved: number) => {
    const random = new Random(seed);
    const rows = 400;
    const list = (make: () => number) => Array.from({ length: rows }, make);
    const a = list(() => random.normal() + moved);
    return tableOf({
      a,
      b: list(() => random.normal()),
      kind: list(() => random.integer(3)).map((k) => `k${k}`),
      y: a.map((x) => (x + random.normal() > moved ? 'yes' : 'no')),
    });
  };
  const made = (test: MadeUp['test']): MadeUp => ({
    table: sample(1, 0),
    target: 'y',
    kind: 'classification',
    ...(test ? { test } : {}),
  });

  it('that lies elsewhere is told apart, by the column that moved', async () => {
    const { shift } = await judge(made(sample(2, 1)));
    expect(shift!.low).toBeGreaterThan(0.6);
    expect(shift!.columns.map(({ column }) => column)).toEqual(['a']);
  });

  it('of the same source is not', async () => {
    for (const seed of [2, 3, 4]) {
      const { shift } = await judge(made(sample(seed, 0)));
      expect(shift!.low, `seed ${seed}`).toBeLessThan(0.55);
    }
    expect((await judge(made(undefined))).shift).toBeNull();
  });
});

describe('limits', () => {
  it('too few rows are not judged, and many classes and gaps in the target are', async () => {
    const few = await judge(harmlessPatients(1, 'classification', 60));
    expect(few).toMatchObject({ score: null, questions: [], looked: 60 });
    const { table } = leakingPatients(3);
    const random = new Random(1);
    const labels = Array.from({ length: table.rows }, (_, i) => (i % 9 === 0 ? null : `c${random.integer(30)}`));
    const columns = [...table.columns.filter(({ name }) => name !== 'sick'), ...tableOf({ label: labels }).columns];
    const many = await judge({ table: { rows: table.rows, columns }, target: 'label', kind: 'classification' });
    expect(many.metric).toBe('accuracy');
    expect(many.looked).toBe(labels.filter((label) => label !== null).length);
    expect(alarms(many)).toEqual([]);
  });

  it('says so when time runs out', async () => {
    const report = await judgeSplits({ ...courtInput(leakingPatients(1)), secondsLeft: () => 0 });
    expect(report).toMatchObject({ cut: true, questions: [], leaks: [] });
    expect(report.score).toBeGreaterThan(0.9);
  });

  it('ends with what the wait for others rejects with', async () => {
    const stopped = judgeSplits({
      ...courtInput(leakingPatients(1)),
      rest: () => Promise.reject(new Error('stopped')),
    });
    await expect(stopped).rejects.toThrow('stopped');
  });

  it('looks at fewer rows of wide tables', () => {
    expect([3, 60, 200, 10_000].map(sampleSize)).toEqual([10_000, 10_000, 3000, 500]);
  });

  it('gives the same report again', async () => {
    const made = { ...leakingPatients(4), seed: 9 };
    expect(await judge(made)).toEqual(await judge(made));
  });
});
