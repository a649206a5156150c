import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BankFileTask, readBankFile, writeBankFile } from './bank-file.ts';

const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => v + 0);
const trial = fc.record({
  key: fc.string({ minLength: 1, maxLength: 20 }),
  design: fc.dictionary(fc.string({ maxLength: 9 }), fc.oneof(fc.string({ maxLength: 9 }), number, fc.boolean()), {
    noNullPrototype: true,
  }),
  designHash: fc.string({ minLength: 1, maxLength: 20 }),
  origin: fc.constantFrom('portfolio', 'random'),
  score: number,
  seconds: fc.nat(),
  device: fc.string({ maxLength: 9 }),
  budgetSeconds: fc.nat(),
});
const task: fc.Arbitrary<BankFileTask> = fc.record({
  hash: fc.stringMatching(/^[0-9a-f]{1,64}$/),
  name: fc.string({ minLength: 1, maxLength: 40 }),
  kind: fc.constantFrom('classification', 'regression'),
  metric: fc.constantFrom('roc_auc', 'rmse'),
  metaFeatures: fc.dictionary(fc.string({ maxLength: 9 }), number, { noNullPrototype: true }),
  trials: fc.array(trial, { maxLength: 4 }),
});

test('what is written is read again', () => {
  fc.assert(
    fc.property(fc.array(task, { maxLength: 5 }), (tasks) => {
      expect(readBankFile(writeBankFile(tasks))).toEqual(JSON.parse(JSON.stringify(tasks)));
    }),
  );
});

test('what is no bank file is refused with the line', () => {
  expect(() => readBankFile('a,b\n1,2\n')).toThrow('Line 1 is not JSON.');
  expect(() => readBankFile('{"schema":"other/1"}\n')).toThrow('this is no bank file');
  const [good] = [{ hash: 'h', name: 'n', kind: 'regression', metric: 'rmse', metaFeatures: {}, trials: [] }] as const;
  const text = writeBankFile([good as unknown as BankFileTask]);
  expect(() => readBankFile(`${text}${JSON.stringify({ ...good, metric: 'luck' })}\n`)).toThrow(/^Line 3: metric: /);
  expect(() => readBankFile(`${text}{"hash":\n`)).toThrow('Line 3 is not JSON.');
});
