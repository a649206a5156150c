import { expect, test } from 'vitest';
import type { ReplayReport } from '#core/contracts/replay.ts';
import { describeReplay } from './replay.ts';

const report: ReplayReport = {
  schema: 'warmstart.replay/1',
  same: true,
  receipt: 'aa',
  model: { recorded: 'bb', rebuilt: 'bb', bytes: 10 },
  asks: { replayed: 3, proposals: 5, differ: 0 },
  trials: { retrained: 2, differ: 0 },
  differences: [],
  environment: ['Engine version 1.0.0 there, 1.1.0 here.'],
  seconds: 1.25,
};

test('another engine is no matter where the bytes agree', () => {
  expect(describeReplay(report)).toBe(
    'The same file, byte by byte: SHA-256 bb\n' +
      '3 asks with 5 proposals, 0 differ; 2 trials trained again, 0 differ; 1.3 s\n',
  );
});

test('what differs comes with what may explain it', () => {
  const words = describeReplay({
    ...report,
    same: false,
    model: { ...report.model, rebuilt: null },
    differences: [{ place: 'data', message: 'people.csv is another file.' }],
  });
  expect(words).toContain('Something differs. Recorded: SHA-256 bb; rebuilt: none\n');
  expect(words).toContain('- data: people.csv is another file.\n  (Engine version 1.0.0 there, 1.1.0 here.)\n');
});
