import type { Augmentation } from '../train/program.ts';
import { coin, places } from './draw.ts';
import { readAlong } from './move.ts';

/** Mirrors rows along an axis, -1 the last (left and right of images), with this probability. */
export function flip({ axis = -1, probability = 0.5 } = {}): Augmentation {
  return (e, x, shape) => {
    const along = axis < 0 ? axis + shape.length : axis;
    const last = shape[along]! - 1;
    const place = places(e, shape, along);
    // place or last - place: place + coin·(last - 2·place)
    const turn = e.sub(e.scalar(last), e.mul(place, e.scalar(2)));
    return readAlong(e, x, shape, along, e.add(place, e.mul(coin(e, shape, probability), turn)), 'edge');
  };
}
