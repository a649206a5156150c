import { expect, test } from 'vitest';
import { judge } from './advance.ts';

type Situation = Parameters<typeof judge>[0];
type Row = Situation['rows'][number];

const search = { finishRequested: null, request: { maxTrials: null } } as unknown as Situation['search'];
const row = (role: Row['role'], state: Row['state']) => ({ role, state }) as Row;
const verdict = (secondsLeft: number, ...rows: Row[]) => judge({ search, rows, secondsLeft });

test('while there is time it asks', () => {
  expect(verdict(10)).toBe('ask');
  expect(verdict(10, row('baseline', 'done'), row('search', 'running'))).toBe('ask');
});

test('once the time is over it makes the model of what is there', () => {
  const learned = [row('baseline', 'done'), row('search', 'done')];
  expect(verdict(0, ...learned)).toBe('finalise');
  expect(verdict(0, ...learned, row('search', 'queued'))).toBe('finalise');
  expect(verdict(-1, ...learned, row('search', 'running'))).toBe('wait');
  expect(verdict(0, row('baseline', 'done'), row('search', 'timed_out'))).toBe('finalise');
});

test('the baseline alone is no answer before a learner had its few seconds', () => {
  const alone = row('baseline', 'done');
  expect(verdict(-1, alone)).toBe('ask');
  expect(verdict(-1, alone, row('search', 'queued'))).toBe('wait');
  expect(verdict(-3.5, alone, row('search', 'running'))).toBe('wait');
  expect(verdict(-1, alone, row('search', 'cancelled'))).toBe('ask');
  expect(verdict(-60, alone, row('search', 'running'))).toBe('wait');
  expect(verdict(-60, alone, row('search', 'out_of_memory'))).toBe('finalise');
  expect(verdict(-60)).toBe('ask');
});

test('a search that may end early does so once half of its trials were in vain', () => {
  const scored = (score: number, number: number) => ({
    ...row('search', 'done'),
    score,
    low: score - 0.02,
    high: score + 0.02,
    number,
  });
  const rows = [0.7, 0.8, 0.9, ...new Array(15).fill(0.85)].map(scored) as Row[];
  const early = { ...search, request: { metric: 'roc_auc', stopEarly: true } } as unknown as Situation['search'];
  expect(judge({ search: early, rows, secondsLeft: 100 })).toBe('finalise');
  expect(judge({ search: early, rows: [...rows, scored(0.95, 18) as Row], secondsLeft: 100 })).toBe('ask');
  expect(judge({ search, rows, secondsLeft: 100 })).toBe('ask');
});
