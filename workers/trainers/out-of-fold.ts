/** Out-of-fold predictions of an ensemble as they lie beside its model, for whoever looks into it later. */
import { pack, unpack } from '#core/math/pack.ts';

export interface OutOfFoldFile {
  /** Of all rows of the prepared task, row-major: calibrated probabilities, or standardised numbers. */
  readonly predictions: Float32Array;
  /** Factors on the probabilities before the label is the largest one. */
  readonly decision: readonly number[] | null;
}

export const packOutOfFold = ({ predictions, decision }: OutOfFoldFile): Uint8Array =>
  pack({ meta: { decision }, arrays: { predictions } });

/** Files of older models know no decision. */
export function unpackOutOfFold(bytes: Uint8Array): OutOfFoldFile {
  const { meta, arrays } = unpack(bytes);
  const { decision = null } = meta as Partial<OutOfFoldFile>;
  return { predictions: arrays.predictions as Float32Array, decision };
}
