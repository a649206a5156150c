/** The operators of ONNX that can be imported. A new one is a handler in the file of its family. */
import type { Handler } from '../node-reader.ts';
import { attentions } from './attention.ts';
import { elementwise } from './elementwise.ts';
import { indexing } from './indexing.ts';
import { layout } from './layout.ts';
import { normalisation } from './normalisation.ts';
import { products } from './products.ts';
import { recurrent } from './recurrent.ts';
import { reduction } from './reduction.ts';
import { resizing } from './resizing.ts';
import { windows } from './windows.ts';

export const handlers: ReadonlyMap<string, Handler> = new Map(
  [elementwise, products, windows, normalisation, layout, reduction, indexing, recurrent, resizing, attentions].flatMap(
    (family) => Object.entries(family),
  ),
);
