/** What `Reshape` means by its second input. */
import { factorsOf, multipleOf, type Shape, type Size } from '../../ir/shape.ts';
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

/** `target` as it was written down for `fixed` rows, for open ones: the rows are where `dims` has them, else in the first axis. */
export function reopened(dims: Shape, target: readonly Size[], fixed: number): readonly Size[] {
  const total = factorsOf(productOf(dims));
  if (total.name === '' || target.some((d) => typeof d === 'string')) return target;
  const at = dims.indexOf(total.name);
  const before = target.slice(0, Math.max(at, 0)).every((d, i) => d === dims[i] || d === 0);
  if (at >= 0 && before && target[at] === fixed) return target.with(at, total.name);
  const [first] = target as readonly number[];
  const merged = first === undefined ? 0 : first / fixed;
  const fits = target.every((d) => Number(d) > 0) && productOf(target) === total.times * fixed;
  return fits && Number.isInteger(merged) ? target.with(0, multipleOf(merged, total.name)) : target;
}
