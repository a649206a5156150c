/** Scores of designs that a task of the bank never saw, from those it did. */
import type { DesignKernel, DesignRows } from './design-kernel.ts';

/** Designs of a task that are asked, evenly spaced. */
const MOST_ASKED = 200;
/** Likeness, in designs exactly alike, that a guess of 0 is worth. */
const DOUBT = 0.5;

/**
 * Puts averages over like designs in place of the zeros of `rows.bank` (Nadaraya and Watson 1964, over distances that
 * the bank taught), shrunk to 0 where nothing is alike. Designs scored by their task keep their score.
 */
export function fillScores(kernel: DesignKernel, rows: DesignRows, known: DesignRows): void {
  const { tasks } = rows;
  for (let t = 0; t < tasks; t++) {
    const missing = indices(rows, (i) => rows.bank[i * tasks + t] === 0);
    if (missing.length === 0) continue;
    const seen = indices(known, (i) => known.bank[i * tasks + t] !== 0);
    if (seen.length === 0) continue;
    const step = Math.max(1, seen.length / MOST_ASKED);
    const asked = Array.from({ length: Math.min(seen.length, MOST_ASKED) }, (_, k) => seen[Math.floor(k * step)]!);
    const likeness = kernel.likeness(pick(rows, missing), pick(known, asked));
    missing.forEach((i, m) => {
      let sum = 0;
      let weight = DOUBT;
      asked.forEach((j, k) => {
        const alike = likeness[m * asked.length + k]!;
        sum += alike * known.bank[j * tasks + t]!;
        weight += alike;
      });
      rows.bank[i * tasks + t] = sum / weight;
    });
  }
}

function indices(rows: DesignRows, wanted: (i: number) => boolean): number[] {
  const found: number[] = [];
  for (let i = 0; i < rows.count; i++) if (wanted(i)) found.push(i);
  return found;
}

/** Codes of some rows, without scores. */
function pick(rows: DesignRows, picked: readonly number[]): DesignRows {
  const width = rows.codes.length / rows.count;
  const codes = new Uint8Array(picked.length * width);
  picked.forEach((row, i) => {
    codes.set(rows.codes.subarray(row * width, (row + 1) * width), i * width);
  });
  return { count: picked.length, codes, bank: new Float32Array(0), tasks: 0 };
}
