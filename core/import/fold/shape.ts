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
  const { times, name } = factorsOf(productOf(dims));
  if (name === '' || target.some((d) => typeof d === 'string')) return target;
  const at = dims.findIndex((d) => factorsOf(d).name === name);
  const isSameUpTo = (end: number): boolean => target.slice(0, end).every((d, i) => d === dims[i] || d === 0);
  if (isSameUpTo(at) && target[at] === fixed) return target.with(at, name);
  // Rows merged behind another axis come apart behind it again.
  const { times: outer } = factorsOf(dims[at]!);
  if (isSameUpTo(at) && target[at] === outer && target[at + 1] === fixed) return target.with(at + 1, name);
  const fits = target.every((d) => Number(d) > 0) && productOf(target) === times * fixed;
  // With fewer axes the rows went into the axis before theirs, as sequences do for a dense layer; else into their own.
  const own = target.length < dims.length ? Math.max(at - 1, 0) : at;
  const place = isSameUpTo(own) && own < target.length ? own : 0;
  const merged = Number(target[place]) / fixed;
  return fits && Number.isInteger(merged) ? target.with(place, multipleOf(merged, name)) : target;
}

/** `dims` with axes of size 1 at the places `added` of the result. Throws an ImportError where one is named twice. */
export function withAxes(dims: Shape, added: readonly number[]): Size[] {
  const rest = [...dims];
  if (new Set(added).size < added.length) throw new ImportError(`The axes ${added.join(', ')} are not all different.`);
  return Array.from({ length: dims.length + added.length }, (_, i) => (added.includes(i) ? 1 : rest.shift()!));
}
