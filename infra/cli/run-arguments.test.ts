import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseBudget, parseRunArguments } from './run-arguments.ts';

let folder = '';
let file = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'warmstart-args-'));
  file = join(folder, 'train.csv');
  writeFileSync(file, 'a,b\n1,2\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['90s', 90],
  ['5m', 300],
  ['1h', 3600],
  ['1.5m', 90],
  ['45', 45],
])('a budget of %s is %d s', (text, seconds) => {
  expect(parseBudget(text)).toBe(seconds);
});

test.each([
  [['--target', 'y'], 'Name the data'],
  [['FILE'], '--target COLUMN is missing'],
  [['FILE', '--target', 'y', '--budget', 'soon'], '--budget soon'],
  [['FILE', '--target', 'y', '--budget', '3s'], 'from 10s to 24h'],
  [['FILE', '--target', 'y', '--task', 'forecasting'], 'not available in this version'],
  [['FILE', '--target', 'y', '--task', 'sorting'], 'must be one of classification, regression'],
  [['FILE', '--target', 'y', '--task', 'regression', '--metric', 'roc_auc'], 'is not for regression'],
  [['FILE', '--target', 'y', '--seed', '1.5'], 'whole number'],
  [['FILE', '--target', 'y', '--seed', ''], 'whole number'],
  [['FILE', '--target', 'y', '--split', 'group'], 'needs --group-column'],
  [['FILE', '--target', 'y', '--out', '/no/such/folder/m.onnx'], 'there is no folder'],
  [['FILE', '--target', 'y', '--out', 'FILE/model.onnx'], 'there is no folder'],
  [['FILE', '--target', 'y', '--out', 'FILE'], 'that file is read'],
  [['FILE', '--target', 'y', '--strategy', 'magic'], 'must be one of default, predictor, random'],
  [['FILE', '--target', 'y', '--stop-early', 'yes'], 'must be one of on, off'],
  [['FILE', '--target', 'y', '--metric', 'f2'], '--metric f2: it must be one of'],
  [['FILE', '--target', 'y', '--costs', '{"yes":9}'], '--costs {"yes":9}: give costs by true class'],
  [['FILE', '--target', 'y', '--costs', 'dear'], '--costs dear: give costs'],
  [['FILE', '--target', 'y', '--monotone', '{"age":2}'], 'only rise (1) or only fall (-1)'],
  [['FILE', '--target', 'y', '--server', 'nowhere'], 'give an address'],
  [['FILE', '--target', 'y', '--test', '/no/such.csv'], 'There is no file /no/such.csv'],
  [['/no/such.csv', '--target', 'y'], 'There is no file /no/such.csv'],
  [['FILE', 'another.csv', '--target', 'y'], 'one data file at a time'],
])('%j is a usage error', (args, message) => {
  expect(() => parseRunArguments(args.map((arg) => arg.replace('FILE', file)))).toThrow(
    expect.objectContaining({ code: 2, message: expect.stringContaining(message) }),
  );
});

test('costs and directions are read as JSON', () => {
  const args = [file, '--target', 'y', '--metric', 'cost', '--costs', '{"yes":{"no":9}}', '--monotone', '{"a":-1}'];
  expect(parseRunArguments(args)).toMatchObject({ costs: { yes: { no: 9 } }, monotone: { a: -1 } });
  expect(parseRunArguments([file, '--target', 'y'])).toMatchObject({ costs: null, monotone: null });
});

test('a folder without a table is bad data', () => {
  const empty = mkdtempSync(join(folder, 'empty-'));
  expect(() => parseRunArguments([empty, '--target', 'y'])).toThrow(expect.objectContaining({ code: 3 }));
});

test('a folder holds train and test', () => {
  writeFileSync(join(folder, 'test.csv'), 'a,b\n1,2\n');
  const args = parseRunArguments([folder, '--target', 'b', '--time-column', 'a']);
  expect(args).toMatchObject({ data: file, test: join(folder, 'test.csv'), split: { kind: 'time', timeColumn: 'a' } });
});
