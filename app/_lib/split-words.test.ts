import { describe, expect, test } from 'vitest';
import type { SplitQuestion, SplitReport } from '#core/contracts/splits.ts';
import { askWords, findingsOf, quietWords, sameSplit, takenWords } from './split-words.ts';

const patients: SplitQuestion = {
  about: 'group',
  column: 'patient',
  rows: 480,
  company: 1,
  groups: 60,
  random: 0.97,
  apart: 0.83,
  gap: { value: 0.14, low: 0.1, high: 0.18 },
  matters: true,
  reads: 'random',
  split: { kind: 'group', groupColumn: 'patient' },
  drift: null,
  extra: [],
};
const days: SplitQuestion = {
  ...patients,
  about: 'time',
  column: 'day',
  groups: null,
  reads: 'both',
  split: { kind: 'time', timeColumn: 'day' },
  drift: { value: 0.9, low: 0.85, high: 0.94, columns: [{ column: 'stock', auc: 0.88 }] },
};
const report: SplitReport = {
  schema: 'warmstart.splits/1',
  target: 'sick',
  kind: 'classification',
  metric: 'roc_auc',
  rows: 480,
  looked: 480,
  score: 0.97,
  questions: [patients],
  leaks: [],
  orders: [],
  shift: null,
  cut: false,
};

describe('a question', () => {
  test('names the rows, both scores, the gap and when it counts', () => {
    expect(askWords(patients, report)).toEqual({
      title: 'Rows of one patient appear several times',
      text: 'A random split scores ROC AUC 0.97, keeping each patient on one side 0.83 (gap 0.10 to 0.18). If new rows will be of another patient, the lower score is the one to expect.',
      take: 'Keep each patient apart',
    });
    expect(askWords({ ...patients, reads: 'neither' }, report).text).toContain('both without reading patient itself');
    const time = askWords(days, report);
    expect(time.take).toBe('Let the latest rows judge');
    expect(time.text).toContain('Most changed: stock.');
    const copies = askWords({ ...patients, about: 'copies', column: null, company: 0.04, split: null }, report);
    expect(copies).toMatchObject({ title: '4 % of the rows are nearly the same as another one', take: null });
  });

  test('negative scores have a real minus', () => {
    expect(askWords({ ...patients, apart: -0.31 }, { metric: 'r2' }).text).toContain('R² 0.97');
    expect(askWords({ ...patients, apart: -0.31 }, { metric: 'r2' }).text).toContain('−0.31');
    expect(askWords({ ...patients, apart: -0.001 }, { metric: 'r2' }).text).toContain(' 0.00 ');
  });

  test('once taken is told as a fact', () => {
    expect(takenWords(patients, report)).toBe(
      'With each patient on one side a quick model scores ROC AUC 0.83 where a random split shows 0.97 (gap 0.10 to 0.18).',
    );
  });
});

test('silence says what was tried', () => {
  expect(quietWords(report)).toBe(
    'Tried on all rows: keeping rows apart by patient scores no surely lower than a random split.',
  );
  expect(quietWords({ ...report, questions: [], looked: 100 })).toContain('a sample of 100 rows: no groups');
  expect(quietWords({ ...report, score: null, looked: 12 })).toBe('12 rows are too few to compare splits.');
});

test('splits are the same by kind and column', () => {
  const { split } = patients;
  expect(sameSplit(split!, { kind: 'group', groupColumn: 'patient' })).toBe(true);
  expect(sameSplit(split!, { kind: 'group', groupColumn: 'town' })).toBe(false);
  expect(sameSplit(split!, { kind: 'random' })).toBe(false);
  expect(sameSplit({ kind: 'random' }, { kind: 'random' })).toBe(true);
  expect(sameSplit(days.split!, { kind: 'time', timeColumn: 'day' })).toBe(true);
});

test('findings come gravest first, with what one click leaves out', () => {
  const loss = { value: 0.2, low: 0.15, high: 0.25 };
  const list = findingsOf({
    ...report,
    questions: [
      { ...patients, matters: false },
      { ...patients, about: 'copies', column: null, company: 0.1, split: null, extra: [7, 9] },
    ],
    leaks: [{ column: 'total', alone: 0.99, whole: 0.99, without: 0.79, loss, suspect: true }],
    orders: [{ column: 'id', score: 0.8 }],
    shift: { value: 0.7, low: 0.66, high: 0.74, columns: [{ column: 'age', auc: 0.69 }] },
  });
  expect(list.map(({ severity, ignore, leaveOut }) => [severity, ignore, leaveOut.length])).toEqual([
    ['serious', 'total', 0],
    ['warning', null, 2],
    ['warning', 'id', 0],
    ['warning', null, 0],
    ['info', null, 0],
  ]);
  expect(list[0]?.text).toContain('total alone predicts sick with AUC 0.99');
  expect(list[3]?.text).toContain('AUC 0.70 (0.66 to 0.74), where 0.50 is chance. By themselves tell: age (0.69).');
  const alike = findingsOf({ ...report, questions: [], shift: { value: 0.51, low: 0.48, high: 0.54, columns: [] } });
  expect(alike).toMatchObject([{ severity: 'info', text: expect.stringContaining('look like these') }]);
});
