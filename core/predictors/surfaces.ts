/** What each task of a bank thinks of options and pairs of options: scores for designs that it never saw. */
import type { DesignRows } from './design-kernel.ts';

/** Rows that an effect of one option, and of a pair, is shrunk by. */
const PRIOR_ROWS = 3;
const PRIOR_PAIR_ROWS = 6;
const SWEEPS = 4;
/** Cells looked at, and effects kept, in all: pairs of many decisions are left out where they would be more. */
const MOST_CELLS = 1e8;
const MOST_EFFECTS = 4e6;

/** Decisions that an effect depends on. */
type Term = readonly [number] | readonly [number, number];

export interface Surfaces {
  /**
   * The rows with what the surfaces say where a task has no score.
   * @param detail what is kept of the part of a measured score that options do not explain, from 0 to 1
   */
  fill(rows: DesignRows, levels: Uint8Array, detail: number): DesignRows;
}

/**
 * Effects by sweeps over shrunken means of residuals (backfitting; Breiman and Friedman 1985).
 * @param known designs with scores, 0 where a task has none
 * @param levels their codes below `size`, [known.count, columns]
 */
export function fitSurfaces(known: DesignRows, levels: Uint8Array, columns: number, size: number): Surfaces {
  const { tasks } = known;
  const terms: Term[] = Array.from({ length: columns }, (_, d) => [d] as const);
  const pairs = (columns * (columns - 1)) / 2;
  if ((columns + pairs) * known.count * tasks * SWEEPS * 2 <= MOST_CELLS && pairs * size ** 2 * tasks <= MOST_EFFECTS)
    for (let a = 0; a < columns; a++) for (let b = a + 1; b < columns; b++) terms.push([a, b]);
  const ofTasks = Array.from({ length: tasks }, (_, t) => {
    const effects = terms.map((term) => new Float64Array(term.length === 1 ? size : size * size));
    const seen: number[] = [];
    for (let i = 0; i < known.count; i++) if (known.bank[i * tasks + t] !== 0) seen.push(i);
    const residuals = Float64Array.from(seen, (i) => known.bank[i * tasks + t]!);
    const cells = terms.map((term) => cellsOf(levels, columns, seen, term, size));
    for (let sweep = 0; sweep < SWEEPS; sweep++)
      terms.forEach((term, k) => {
        refit(effects[k]!, cells[k]!, residuals, term.length);
      });
    return effects;
  });
  return {
    fill(rows, rowLevels, detail) {
      if (detail === 1 && !rows.bank.includes(0)) return rows;
      const bank = rows.bank.slice();
      const all = Int32Array.from({ length: rows.count }, (_, i) => i);
      const cells = terms.map((term) => cellsOf(rowLevels, columns, all, term, size));
      ofTasks.forEach((effects, t) => {
        for (let i = 0; i < rows.count; i++) {
          const score = bank[i * tasks + t]!;
          if (detail === 1 && score !== 0) continue;
          let fitted = 0;
          for (let k = 0; k < terms.length; k++) fitted += effects[k]![cells[k]![i]!]!;
          bank[i * tasks + t] = score === 0 ? fitted : fitted + detail * (score - fitted);
        }
      });
      return { ...rows, bank };
    },
  };
}

/** Takes an effect out of the residuals' fit and puts its better estimate in. */
function refit(effect: Float64Array, cells: Int32Array, residuals: Float64Array, order: number): void {
  const sums = new Float64Array(effect.length);
  const counts = new Float64Array(effect.length);
  for (let k = 0; k < cells.length; k++) {
    sums[cells[k]!]! += residuals[k]! + effect[cells[k]!]!;
    counts[cells[k]!]!++;
  }
  const prior = order === 1 ? PRIOR_ROWS : PRIOR_PAIR_ROWS;
  const before = effect.slice();
  for (let c = 0; c < effect.length; c++) effect[c] = sums[c]! / (counts[c]! + prior);
  for (let k = 0; k < cells.length; k++) residuals[k]! += before[cells[k]!]! - effect[cells[k]!]!;
}

/** The cell of a term that each row falls into. */
function cellsOf(levels: Uint8Array, columns: number, picked: ArrayLike<number>, term: Term, size: number): Int32Array {
  const [a, b] = term;
  return Int32Array.from(picked, (i) => {
    const first = levels[i * columns + a]!;
    return b === undefined ? first : first * size + levels[i * columns + b]!;
  });
}
