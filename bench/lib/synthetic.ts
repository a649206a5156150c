/** Tables made for timing: mixed columns, missing values, a target that trees and networks can both learn. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { Random } from '#core/math/random.ts';

/**
 * Writes a CSV of `columns` features and a `target` of `classes` ordered classes, `yes` and `no` where there are two.
 * Every fifth column is a category of 12 values, every seventh number is missing in 5 % of the rows.
 * @param seed same seed, same bytes
 */
export function writeSyntheticTable(path: string, rows: number, columns: number, seed = 1, classes = 2): void {
  const random = new Random(seed);
  const weights = Array.from({ length: columns }, () => random.normal());
  const file = openSync(path, 'w');
  writeSync(
    file,
    `${Array.from({ length: columns }, (_, c) => (c % 5 === 4 ? `kind_${c}` : `x_${c}`)).join(',')},target\n`,
  );
  let chunk = '';
  for (let r = 0; r < rows; r++) {
    let score = 0;
    const cells: string[] = [];
    let previous = 0;
    for (let c = 0; c < columns; c++) {
      if (c % 5 === 4) {
        const code = random.integer(12);
        cells.push(`v${code}`);
        score += weights[c]! * ((code % 4) - 1.5) * 0.4;
      } else {
        const x = random.normal();
        cells.push(c % 7 === 6 && random.uniform() < 0.05 ? '' : x.toFixed(4));
        score += weights[c]! * (x + 0.7 * Math.sin(2 * x) * previous) * 0.5;
        previous = x;
      }
    }
    const level = 1 / (1 + Math.exp((-score / Math.sqrt(columns)) * 2));
    chunk += `${cells.join(',')},${labelAt(level, random.uniform(), classes)}\n`;
    if (chunk.length > 1_000_000) {
      writeSync(file, chunk);
      chunk = '';
    }
  }
  writeSync(file, chunk);
  closeSync(file);
}

/** Of two classes one by chance; of more the one at this level, a little to the side. @param chance uniform in [0, 1) */
function labelAt(level: number, chance: number, classes: number): string {
  if (classes === 2) return chance < level ? 'yes' : 'no';
  const place = Math.min(Math.max(level + 0.05 * (chance - 0.5), 0), 1);
  return `class ${Math.min(classes - 1, Math.floor(place * classes))}`;
}
