import { expect, test } from 'vitest';
import { storedStrategy } from './strategy-state.ts';

test('a trace is kept whole or not at all', () => {
  expect(storedStrategy(null)).toBeNull();
  const old = { name: 'random', state: {}, told: [1], limits: {}, trace: [{ ask: [1, 2], secondsLeft: 3 }] };
  expect(storedStrategy(old)).toEqual({ ...old, trace: [] });
  const whole = { ...old, setup: { seed: 1 }, trace: [{ tell: [] }] };
  expect(storedStrategy(whole)).toEqual(whole);
});
