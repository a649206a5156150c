import { expect, test } from 'vitest';
import { decisionWords } from './decision-words.ts';

test.each([
  ['learningRate', 'learning rate'],
  ['min_rows', 'min rows'],
  ['l2', 'l2'],
  ['oneHotLimit', 'one hot limit'],
])('%s', (name, words) => {
  expect(decisionWords(name)).toBe(words);
});
