import { expect, test } from 'vitest';
import { stringColumn } from '../prep/table.ts';
import { timesOf } from './times.ts';

const sorted = (texts: readonly string[]) => {
  const times = timesOf({ rows: texts.length, columns: [stringColumn('when', [...texts])] }, 'when');
  return [...texts.keys()].sort((a, b) => times[a]! - times[b]!).map((i) => texts[i]);
};

test.each([
  ['days first, dots', ['13.01.2020', '05.02.2020', '03.04.2020', '28.05.2020', '01.01.2021']],
  ['days first, slashes', ['13/01/2020', '05/02/2020', '03/04/2020', '28/05/2020', '01/01/2021']],
  ['months first', ['01/13/2020', '02/05/2020', '04/03/2020', '05/28/2020', '01/01/2021']],
  ['clock times', ['2020-01-01 09:59:00', '2020-01-01 10:00:00', '2020-01-02 01:00:00']],
  ['words', ['3 Feb 2020', '1 Mar 2020', '2 Jan 2021']],
])('times sort as people read them: %s', (_, inOrder) => {
  expect(sorted(inOrder.toReversed())).toEqual(inOrder);
});
