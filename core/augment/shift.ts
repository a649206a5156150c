import type { Augmentation } from '../train/program.ts';
import { places, wholePerRow } from './draw.ts';
import { readAlong } from './move.ts';

/**
 * Shifts rows by up to `most` places along each of `axes` (-2 and -1: height and width), zeros moving in: a random crop of
 * the padded image (He and others 2016).
 */
export function shift({ most = 4, axes = [-2, -1] as readonly number[] } = {}): Augmentation {
  return (e, x, shape) =>
    axes.reduce((current, axis) => {
      const along = axis < 0 ? axis + shape.length : axis;
      const by = wholePerRow(e, shape, -most, most);
      return readAlong(e, current, shape, along, e.add(places(e, shape, along), by), 'zero');
    }, x);
}
