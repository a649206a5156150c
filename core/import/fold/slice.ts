/** What `Slice` means by its inputs. */
import type { Shape } from '../../ir/shape.ts';
import type { NodeReader } from '../node-reader.ts';
import { span } from '../size.ts';

export interface SlicedAxis {
  readonly axis: number;
  /** The places that stay, in order. */
  readonly places: readonly number[];
}

/** The axes that the node cuts. Throws an ImportError where an open axis is cut. */
export function slicePlaces(node: NodeReader, dims: Shape): SlicedAxis[] {
  const starts = node.list(1) ?? node.ints('starts') ?? [];
  const ends = node.list(2) ?? node.ints('ends') ?? [];
  const axes = node.intsAt('axes', 3) ?? starts.map((_, i) => i);
  const steps = node.numbers(4) ?? starts.map(() => 1);
  return axes.flatMap((given, i) => {
    const axis = node.axis(given, dims.length);
    const [size, start, end, step] = [dims[axis]!, starts[i]!, ends[i]!, steps[i]!];
    const whole = start === 0 && step === 1 && (end === size || (typeof end === 'number' && end > 2 ** 30));
    if (whole) return [];
    if (typeof size !== 'number' || typeof start !== 'number' || typeof end !== 'number') {
      return node.refuse(`Axis ${axis} of size ${size} cannot be cut from ${start} to ${end}.`);
    }
    return [{ axis, places: placesBetween(size, start, end, step) }];
  });
}

function placesBetween(size: number, start: number, end: number, step: number): number[] {
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const bound = (v: number): number => Math.min(Math.max(v < 0 ? v + size : v, low), high);
  const [from, to] = [bound(start), bound(end)];
  const count = Math.max(0, Math.ceil((to - from) / step));
  return span(0, count).map((i) => from + i * step);
}
