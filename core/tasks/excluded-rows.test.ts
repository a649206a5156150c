import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fileRow, joinExcluded } from './excluded-rows.ts';

it('leaving rows out twice leaves out the same rows of the file as doing it at once', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(40)), fc.uniqueArray(fc.nat(20)), (first, second) => {
      const before = [...first].sort((a, b) => a - b);
      const file = Array.from({ length: 100 }, (_, i) => i);
      const version = file.filter((row) => !before.includes(row));
      const chosen = [...second].sort((a, b) => a - b);
      const after = version.filter((_, i) => !chosen.includes(i));
      const joined = joinExcluded(before, chosen);
      expect(file.filter((row) => !joined.includes(row))).toEqual(after);
      expect(version.map((_, i) => fileRow(before, i))).toEqual(version);
    }),
  );
});
