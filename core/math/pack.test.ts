import { expect, it } from 'vitest';
import { pack, unpack } from './pack.ts';

const block = {
  meta: { name: 'größe', list: [1, null] },
  arrays: {
    a: Float32Array.of(1.5, Number.NaN),
    b: Uint8Array.of(1, 2, 3),
    c: Float64Array.of(Math.PI),
    d: new Int32Array(0),
  },
};

it('gives back what was packed', () => {
  expect(unpack(pack(block))).toEqual(block);
});

it('does not depend on the alignment of the bytes', () => {
  const bytes = pack(block);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  expect(unpack(shifted.subarray(3))).toEqual(block);
});

it('refuses foreign and cut-off bytes', () => {
  expect(() => unpack(new Uint8Array(16))).toThrow(TypeError);
  expect(() => unpack(pack(block).subarray(0, -8))).toThrow(RangeError);
});
