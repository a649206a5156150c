import { expect, test } from 'vitest';
import { worthBlending } from './assemble.ts';

const candidate = (learner: string, score: number) => ({ learner, score });

test('the baseline is blended only while nothing beats it', () => {
  const [base, good, bad] = [candidate('baseline', 0.5), candidate('linear', 0.9), candidate('boosting', 0.4)];
  expect(worthBlending([base, good, bad], 'roc_auc')).toEqual([good, bad]);
  expect(worthBlending([base, bad], 'roc_auc')).toEqual([base, bad]);
  // Smaller is better here.
  expect(worthBlending([base, good, bad], 'rmse')).toEqual([good, bad]);
  expect(worthBlending([base, good], 'rmse')).toEqual([base, good]);
  expect(worthBlending([base], 'roc_auc')).toEqual([base]);
  expect(worthBlending([good], 'roc_auc')).toEqual([good]);
});
