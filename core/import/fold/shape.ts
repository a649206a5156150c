/** What `Reshape` means by its second input. */
import type { Shape, Size } from '../../ir/shape.ts';
import { ImportError } from '../import-error.ts';
import { divideSizes, productOf } from '../size.ts';

/** The shape that `target` asks of a tensor of `dims`: 0 keeps a size (unless `zeros` are meant), -1 takes what is left. */
export function resolveShape(dims: Shape, target: readonly Size[], zeros: boolean): Size[] {
  const kept = target.map((d, i) => {
    if (d !== 0 || zeros) return d;
    const own = dims[i];
    if (own === undefined) throw new ImportError(`Size 0 at axis ${i} keeps a size that [${dims.join(', ')}] has not.`);
    return own;
  });
  const rest = kept.indexOf(-1);
  if (rest < 0) return kept;
  const others = productOf(kept.filter((_, i) => i !== rest));
  return kept.with(rest, divideSizes(productOf(dims), others));
}
