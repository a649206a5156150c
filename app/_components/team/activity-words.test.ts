import { expect, test } from 'vitest';
import { activityDetail, activityWords } from './activity-words.ts';

test('known actions read as a sentence after a name', () => {
  expect(activityWords('search.start')).toBe('started a search');
});

test('unknown actions stay readable', () => {
  expect(activityWords('apiKey.setRole')).toBe('set role api key');
});

test('details leave out what is empty and the id of the key', () => {
  expect(activityDetail({ role: 'editor', bound: false, note: null, key: 'x' })).toBe('role: editor, bound: no');
  expect(activityDetail({ bytes: 456_064, budget: 240 })).toBe('bytes: 456 kB, budget: 4 min');
});
