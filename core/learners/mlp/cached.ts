/** How many networks train faster side by side than one after the other. */

/**
 * Numbers that a batch's widest activations, and the weights, of all networks may hold together. What a step costs whatever
 * its size is then shared, and most passes over memory still stay inside a core's cache of half a megabyte.
 */
const ACTIVATIONS = 2 ** 15;
const WEIGHTS = 2 ** 18;
/** Few of the passes go over the cosines of numeric embeddings. */
const COSINE_SHARE = 1 / 4;

export interface NetworkSize {
  /** Rows of a batch. */
  readonly batch: number;
  readonly width: number;
  readonly weights: number;
  /** Of numeric embeddings, per row; 0 without. */
  readonly cosines: number;
}

/** Networks of this size that share a core's cache; at least one. */
export function networksCached({ batch, width, weights, cosines }: NetworkSize): number {
  const activations = batch * Math.max(width, COSINE_SHARE * cosines);
  return Math.max(1, Math.floor(Math.min(ACTIVATIONS / activations, WEIGHTS / weights)));
}
