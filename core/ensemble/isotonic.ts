/**
 * Isotonic calibration of two classes: the rising curve that fits what was observed best (pool adjacent violators, Ayer
 * and others 1955), linear between the centres of its steps (centred isotonic regression, Oron and Flournoy 2017), so
 * that it keeps the order of rows: ranking metrics do not change.
 */
import type { Piecewise } from '../math/piecewise.ts';
import { argsort } from '../math/sort.ts';

interface Block {
  /** Sums over its rows. */
  readonly rows: number;
  readonly predicted: number;
  readonly observed: number;
}

/** Steps of fewer rows say little about the share that they stand for. */
const LEAST_ROWS = 50;
/** A steeper curve would make differences between runtimes visible. */
const STEEPEST = 20;

/**
 * @param outcomes 1 for rows of the class that the probabilities speak of, else 0
 * @returns from 0 to 1, strictly rising
 */
export function fitIsotonic(outcomes: ArrayLike<number>, probabilities: Float32Array): Piecewise {
  const order = argsort(probabilities);
  const blocks: Block[] = [];
  for (let from = 0; from < order.length; from += LEAST_ROWS) {
    // The last rows join the step before them where they are too few for their own.
    const to = order.length - from < 2 * LEAST_ROWS ? order.length : from + LEAST_ROWS;
    let [predicted, observed] = [0, 0];
    for (let i = from; i < to; i++) {
      predicted += probabilities[order[i]!]!;
      observed += outcomes[order[i]!]!;
    }
    let block: Block = { rows: to - from, predicted, observed };
    for (
      let last = blocks.at(-1);
      last && last.observed / last.rows >= block.observed / block.rows;
      last = blocks.at(-1)
    ) {
      block = {
        rows: block.rows + last.rows,
        predicted: block.predicted + last.predicted,
        observed: block.observed + last.observed,
      };
      blocks.pop();
    }
    blocks.push(block);
    if (to === order.length) break;
  }
  const x: number[] = [0];
  const y: number[] = [0];
  for (const { rows, predicted, observed } of blocks) {
    const at = predicted / rows;
    // Half a row each way: no probability becomes 0 or 1.
    const share = (observed + 0.5) / (rows + 1);
    const [width, rise] = [at - x.at(-1)!, share - y.at(-1)!];
    if (width < 1e-4 || rise < 1e-6 || rise > STEEPEST * width || 1 - share > STEEPEST * (1 - at)) continue;
    x.push(at);
    y.push(share);
  }
  x.push(1);
  y.push(1);
  return { x, y };
}
