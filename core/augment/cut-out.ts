import type { Augmentation } from '../train/program.ts';
import { perRow, places } from './draw.ts';

/** Sets a square of `side` places, its centre anywhere in the image [..., H, W], to 0 (DeVries and Taylor 2017). */
export function cutOut({ side = 8 } = {}): Augmentation {
  return (e, x, shape) => {
    const outside = [shape.length - 2, shape.length - 1].map((axis) => {
      const centre = e.op('Floor', [perRow(e, shape, 0, shape[axis]!)]);
      const distance = e.op('Abs', [e.sub(e.sub(places(e, shape, axis), centre), e.scalar(side % 2 === 0 ? -0.5 : 0))]);
      return e.cast(e.op('Greater', [distance, e.scalar(side / 2)]));
    });
    // Kept where outside along either axis.
    return e.mul(x, e.op('Max', outside));
  };
}
