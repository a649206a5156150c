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
