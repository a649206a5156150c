import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chainParts } from '../receipt.ts';
import { readReceipt, UnreadableReceiptError } from './read-receipt.ts';
import { settingsOf } from './retrain.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warmstart-receipt-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  ['text.json', 'age,left\n3,yes\n', 'neither a receipt (JSON) nor a bundle (zip)'],
  ['other.json', '{"schema":"warmstart.run/1"}', 'is no receipt of a model'],
  ['null.json', 'null', 'is no receipt of a model'],
  ['old.json', JSON.stringify(chainParts([{ name: 'data', content: { rows: 3 } }], [])), 'the part "code" is missing'],
  [
    'odd.json',
    JSON.stringify(chainParts([{ name: 'code', content: { version: 3 } }], [])),
    'the part "code" is not as a replay needs it',
  ],
  ['cut.zip', 'PK\u0003\u0004 and no more', 'damaged or cut off'],
])('%s is refused in one line', async (name, text, words) => {
  const path = join(folder, name);
  await writeFile(path, text);
  const reading = readReceipt(path);
  await expect(reading).rejects.toThrow(words);
  await expect(reading).rejects.toBeInstanceOf(UnreadableReceiptError);
});

test('what trained a trial says under which settings it is trained again', () => {
  expect(settingsOf(null)).toEqual({ trainer: 'onnx', provider: 'cpu', tfjsBackend: 'auto' });
  expect(settingsOf('onnxruntime-node 1.30.0 cpu')).toMatchObject({ trainer: 'onnx', provider: 'cpu' });
  expect(settingsOf('onnxruntime-node 1.30.0 webgpu')).toMatchObject({ trainer: 'onnx', provider: 'webgpu' });
  expect(settingsOf('tfjs 4.22.0 node')).toMatchObject({ trainer: 'tfjs', tfjsBackend: 'node' });
});
