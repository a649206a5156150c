import { expect, test } from 'vitest';
import { StickyStop } from './build.ts';

test('a stop stays, says which look found it, and is found again at the same look', () => {
  let late = false;
  const stop = new StickyStop(() => late);
  expect([stop.check(), stop.check(), stop.stoppedAt]).toEqual([false, false, null]);
  late = true;
  expect([stop.check(), stop.stoppedAt]).toEqual([true, 3]);
  late = false;
  expect([stop.check(), stop.stoppedAt]).toEqual([true, 3]);
  const again = new StickyStop((look) => look >= 3);
  expect([1, 2, 3, 4].map(again.check)).toEqual([false, false, true, true]);
});
