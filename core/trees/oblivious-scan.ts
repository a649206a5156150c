/**
 * Scores of the tests of one level of an oblivious tree. Each candidate is judged over all leaves of the level by
 * the cosine between the step it would make and the negative gradient (CatBoost, Prokhorenkova and others 2018):
 * with a = G / (W + L2), score = sum(a G) / sqrt(sum(a^2 W)).
 */

/** Numerators and denominators of all tests of one feature, missing values on the right and on the left. */
export class LevelScores {
  readonly up = new Float64Array(256);
  readonly down = new Float64Array(256);
  readonly upMissingLeft = new Float64Array(256);
  readonly downMissingLeft = new Float64Array(256);

  private sums = new Float64Array(1);

  /** Room for the left sums of one scan. */
  left(outputs: number): Float64Array {
    if (this.sums.length < outputs) this.sums = new Float64Array(outputs);
    return this.sums;
  }

  reset(bins: number): void {
    this.up.fill(0, 0, bins);
    this.down.fill(0, 0, bins);
    this.upMissingLeft.fill(0, 0, bins);
    this.downMissingLeft.fill(0, 0, bins);
  }
}

/**
 * Adds one leaf with one output to the scores of an ordered feature: test b sends bins <= b left.
 * @param gradient sum of gradients of the leaf
 * @param weight sum of weights of the leaf
 */
export function addOrderedLeaf(
  histogram: Float64Array,
  offset: number,
  bins: number,
  hasMissing: boolean,
  gradient: number,
  weight: number,
  l2: number,
  scores: LevelScores,
): void {
  const { up, down } = scores;
  let leftG = 0;
  let leftW = 0;
  const whole = gradient / (weight + l2);
  let u = whole * gradient;
  let d = whole * whole * weight;
  for (let b = 0; b < bins; b++) {
    const at = offset + 2 * b;
    const w = histogram[at + 1]!;
    if (w !== 0) {
      leftG += histogram[at]!;
      leftW += w;
      const rightG = gradient - leftG;
      const rightW = weight - leftW;
      const a = leftG / (leftW + l2);
      const c = rightG / (rightW + l2);
      u = a * leftG + c * rightG;
      d = a * a * leftW + c * c * rightW;
    }
    up[b]! += u;
    down[b]! += d;
  }
  if (!hasMissing) return;
  const { upMissingLeft, downMissingLeft } = scores;
  leftG = histogram[offset + 2 * bins]!;
  leftW = histogram[offset + 2 * bins + 1]!;
  for (let b = 0; b < bins; b++) {
    const at = offset + 2 * b;
    leftG += histogram[at]!;
    leftW += histogram[at + 1]!;
    const rightG = gradient - leftG;
    const rightW = weight - leftW;
    const a = leftG / (leftW + l2);
    const c = rightG / (rightW + l2);
    upMissingLeft[b]! += a * leftG + c * rightG;
    downMissingLeft[b]! += a * a * leftW + c * c * rightW;
  }
}

/** Adds one leaf with one output to the scores of a nominal feature: test b sends code b right. */
export function addNominalLeaf(
  histogram: Float64Array,
  offset: number,
  bins: number,
  gradient: number,
  weight: number,
  l2: number,
  scores: LevelScores,
): void {
  for (let b = 0; b < bins; b++) {
    const rightG = histogram[offset + 2 * b]!;
    const rightW = histogram[offset + 2 * b + 1]!;
    const leftG = gradient - rightG;
    const leftW = weight - rightW;
    const a = leftG / (leftW + l2);
    const c = rightG / (rightW + l2);
    scores.up[b]! += a * leftG + c * rightG;
    scores.down[b]! += a * a * leftW + c * c * rightW;
  }
}

/** Adds one leaf with several outputs; cells are (gradients.., weight). Covers ordered and nominal features. */
export function addMultiLeaf(
  histogram: Float64Array,
  offset: number,
  bins: number,
  nominal: boolean,
  hasMissing: boolean,
  gradients: Float64Array,
  weight: number,
  l2: number,
  scores: LevelScores,
): void {
  const outputs = gradients.length;
  const stride = outputs + 1;
  const left = scores.left(outputs);
  for (let pass = 0; pass < (hasMissing ? 2 : 1); pass++) {
    const up = pass ? scores.upMissingLeft : scores.up;
    const down = pass ? scores.downMissingLeft : scores.down;
    const missing = offset + bins * stride;
    let leftW = pass ? histogram[missing + outputs]! : 0;
    for (let k = 0; k < outputs; k++) left[k] = pass ? histogram[missing + k]! : 0;
    let u = 0;
    let d = 0;
    for (let b = 0; b < bins; b++) {
      const at = offset + b * stride;
      const w = histogram[at + outputs]!;
      // An empty bin of an ordered feature moves nothing: its test scores like the one before.
      if (nominal || w !== 0 || b === 0) {
        leftW = nominal ? weight - w : leftW + w;
        const rightW = weight - leftW;
        const perLeft = 1 / (leftW + l2);
        const perRight = 1 / (rightW + l2);
        u = 0;
        d = 0;
        for (let k = 0; k < outputs; k++) {
          const leftG = (nominal ? gradients[k]! : left[k]!) + (nominal ? -1 : 1) * histogram[at + k]!;
          left[k] = leftG;
          const rightG = gradients[k]! - leftG;
          const a = leftG * perLeft;
          const c = rightG * perRight;
          u += a * leftG + c * rightG;
          d += a * a * leftW + c * c * rightW;
        }
      }
      up[b]! += u;
      down[b]! += d;
    }
  }
}
