/** What makes a prediction differ from the usual one: each column put back to its usual value, one at a time. */
import type { RawRow } from '../../_browser/predictor.ts';

export interface Effect {
  readonly column: string;
  /** Change of the shown output that the column's value brings. */
  readonly change: number;
}

/** The row itself, and then one row per changed input with that input at its usual value. */
export function probeRows(
  row: RawRow,
  usual: RawRow,
  inputs: readonly string[],
): { rows: RawRow[]; changed: string[] } {
  const changed = inputs.filter((input) => row[input] !== usual[input]);
  return { rows: [row, ...changed.map((input) => ({ ...row, [input]: usual[input] }))], changed };
}

/**
 * @param outputs the shown output of each row of `probeRows`
 * @returns the largest effects first; those below a thousandth of `scale` are left out
 */
export function effectsOf(outputs: readonly number[], changed: readonly string[], scale: number): Effect[] {
  const [own = Number.NaN, ...others] = outputs;
  return others
    .flatMap((other, index) => {
      const column = changed[index];
      return column === undefined ? [] : [{ column, change: own - other }];
    })
    .filter(({ change }) => Math.abs(change) >= 0.001 * scale)
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
}
