/** How far the tasks of a bank agree: what one of them says of designs that the others measured. */
import type { DesignRows } from './design-kernel.ts';

export interface Agreement {
  /** Score expected for each unit of the mean score on the other tasks, as far as options explain it. */
  readonly lean: number;
  /** What the part that options do not explain is worth against that, from 0 (noise) to 1 (carries over as much). */
  readonly detail: number;
}

/** Where tasks cannot be compared: one is all there is, or they share no designs. */
const UNKNOWN: Agreement = { lean: 0.8, detail: 1 };
/** No bank is leaned on more than this. */
const MOST = 1.5;
const LEAST = 0.05;

/**
 * Least squares over each task in turn: its scores by the mean over the other tasks of what options explain, and of the
 * rest. A shuffled bank agrees with itself in nothing, so that nothing is expected of it.
 * @param known designs with scores, 0 where a task has none
 * @param smooth the same as far as options explain them
 */
export function agreementOf(known: DesignRows, smooth: DesignRows): Agreement {
  const { tasks } = known;
  let [ss, sd, dd, sy, dy] = [0, 0, 0, 0, 0];
  for (let i = 0; i < known.count; i++) {
    const at = i * tasks;
    let [explained, rest, count] = [0, 0, 0];
    for (let t = at; t < at + tasks; t++) {
      if (known.bank[t] === 0) continue;
      explained += smooth.bank[t]!;
      rest += known.bank[t]! - smooth.bank[t]!;
      count++;
    }
    if (count < 2) continue;
    for (let t = at; t < at + tasks; t++) {
      const score = known.bank[t]!;
      if (score === 0) continue;
      const own = smooth.bank[t]!;
      const s = (explained - own) / (count - 1);
      const d = (rest - (score - own)) / (count - 1);
      ss += s * s;
      sd += s * d;
      dd += d * d;
      sy += s * score;
      dy += d * score;
    }
  }
  if (ss === 0) return UNKNOWN;
  const determinant = ss * dd - sd * sd;
  const solvable = determinant > 1e-9 * ss * dd;
  const lean = Math.min(MOST, Math.max(0, solvable ? (sy * dd - dy * sd) / determinant : sy / ss));
  const weight = solvable ? (dy * ss - sy * sd) / determinant : 0;
  return { lean, detail: lean > LEAST ? Math.min(1, Math.max(0, weight / lean)) : 1 };
}
