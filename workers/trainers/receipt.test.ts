import { expect, test } from 'vitest';
import { brokenPart, chainParts, checkReceipt } from './receipt.ts';

const model = [
  { name: 'data', content: { rows: 3 } },
  { name: 'scores', content: { test: 0.5 } },
];

test('the hash in the file says nothing of the times of the run; the other one does', () => {
  const [a, b] = [1.25, 2.5].map((seconds) => chainParts(model, [{ name: 'trials', content: [{ seconds }] }]));
  expect(a?.hash).toBe(b?.hash);
  expect(a?.runHash).not.toBe(b?.runHash);
  expect(chainParts([...model, { name: 'more', content: 1 }], []).hash).not.toBe(a?.hash);
});

test('changed content, order or hashes are found', () => {
  const receipt = chainParts(model, [{ name: 'trials', content: [1] }]);
  expect(checkReceipt(JSON.parse(JSON.stringify(receipt)))).toBe(true);
  for (const i of receipt.parts.keys()) {
    const parts = receipt.parts.map((part, k) => (k === i ? { ...part, content: null } : part));
    expect(brokenPart({ ...receipt, parts })).toBe(receipt.parts[i]?.name);
  }
  expect(checkReceipt({ ...receipt, parts: receipt.parts.toReversed() })).toBe(false);
  expect(brokenPart({ ...receipt, runHash: '0' })).toBe('the whole');
  expect(checkReceipt({ ...receipt, hash: '0' })).toBe(false);
});
