import { expect, test } from 'vitest';
import { bindNetwork, NetworkBuilder } from '../ir/network.ts';
import { layoutOf } from './layout.ts';
import { initialState, readParameter } from './state.ts';

test('one number may stand for several in a row, and signs are 1 or -1', () => {
  const net = new NetworkBuilder();
  net.parameter('normal', ['K', 4, 3], { kind: 'normal', deviation: 2, each: 3 });
  net.parameter('signs', ['K', 50], { kind: 'signs', each: 4 });
  const layout = layoutOf(bindNetwork(net.build(), { K: 2 }));
  const { parameters } = initialState(layout, [1, 2]);
  const normal = readParameter(layout, parameters, 'normal');
  normal.forEach((v, i) => {
    expect(v).toBe(normal[i - (i % 3)]);
  });
  expect(new Set(normal).size).toBe(8);
  const signs = readParameter(layout, parameters, 'signs');
  expect(new Set(signs)).toEqual(new Set([1, -1]));
  for (const member of [signs.subarray(0, 50), signs.subarray(50)]) {
    member.forEach((v, i) => {
      expect(v).toBe(member[i - (i % 4)]);
    });
  }
});
