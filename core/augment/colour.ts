import type { Augmentation } from '../train/program.ts';
import { perRow } from './draw.ts';

/** Brightness, contrast and saturation of images [K, N, C, H, W] by factors within 1 ± each, around 0, the mean and the grey of a pixel. */
export function colour({ brightness = 0.2, contrast = 0.2, saturation = 0.2 } = {}): Augmentation {
  return (e, x, shape) => {
    const mixed = (from: string, by: number, towards: string): string => {
      const factor = perRow(e, shape, 1 - by, 1 + by);
      return e.add(towards, e.mul(e.sub(from, towards), factor));
    };
    const bright = brightness > 0 ? e.mul(x, perRow(e, shape, 1 - brightness, 1 + brightness)) : x;
    const contrasted = contrast > 0 ? mixed(bright, contrast, e.reduceMean(bright, [2, 3, 4])) : bright;
    return saturation > 0 && shape[2]! > 1 ? mixed(contrasted, saturation, e.reduceMean(contrasted, [2])) : contrasted;
  };
}
