import type { Augmentation } from '../train/program.ts';
import { perRow, places } from './draw.ts';
import { readAlong } from './move.ts';

/**
 * A random window of at least the share `smallest` of each of `axes`, stretched to the whole size by its nearest places: crops
 * of images (axes -2, -1) and windows of series (axis of time).
 */
export function crop({ smallest = 0.7, axes = [-2, -1] as readonly number[] } = {}): Augmentation {
  return (e, x, shape) => {
    const share = perRow(e, shape, smallest, 1);
    return axes.reduce((current, axis) => {
      const along = axis < 0 ? axis + shape.length : axis;
      const size = shape[along]!;
      const room = e.mul(e.sub(e.scalar(1), share), e.scalar(size));
      const start = e.mul(room, perRow(e, shape, 0, 1));
      // Centres of places: (i + 1/2)·share + start.
      const centres = e.add(places(e, shape, along), e.scalar(0.5));
      const from = e.op('Floor', [e.add(e.mul(centres, share), start)]);
      return readAlong(e, current, shape, along, from, 'edge');
    }, x);
  };
}
