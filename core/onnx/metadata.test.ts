import { expect, test } from 'vitest';
import { GraphBuilder } from './builder.ts';
import { withMetadata } from './metadata.ts';
import { readModel } from './read.ts';

test('replaces one entry and leaves graph and other entries alone', () => {
  const g = new GraphBuilder();
  g.output('y', 'float32', ['N'], g.node('Neg', [g.input('x', 'float32', ['N'])]));
  g.metadata('other', 'kept');
  g.metadata('warmstart', 'old');
  const before = readModel(g.toBytes());
  const after = readModel(withMetadata(g.toBytes(), 'warmstart', 'neu ü'));
  expect(after).toEqual({ ...before, metadata: { other: 'kept', warmstart: 'neu ü' } });
});
