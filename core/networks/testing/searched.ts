/** Small networks of the image spaces, for tests that build many. */
import type { Network } from '../../ir/network.ts';
import { cell201Space } from '../../spaces/cell-201.ts';
import { macroSpace } from '../../spaces/macro.ts';
import type { Design, Space } from '../../spaces/space.ts';
import { cell201 } from '../cell-201.ts';
import { macro } from '../macro.ts';

const layers = [1, 2, 1, 2].map((stride, i) => ({ width: 4 * (1 + (i >> 1)), stride }));

export const searched: Readonly<
  Record<string, { readonly space: Space; readonly build: (design: Design) => Network }>
> = {
  'cell-201': {
    space: cell201Space,
    build: (design) => cell201(design, { channels: 3, size: [8, 8], width: 4, cells: 1, classes: 3 }),
  },
  macro: {
    space: macroSpace(layers.length),
    build: (design) => macro(design, { channels: 3, size: [8, 8], stem: 4, layers, classes: 3 }),
  },
};
