/** A trained bag as it lies in the blob store, and its hash. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { Bag } from '#core/learners/bag.ts';
import { packBag, unpackBag } from '#core/learners/packed-bag.ts';

export const writeBag = (path: string, bag: Bag): Promise<void> => writeFile(path, packBag(bag));

export const readBag = async (path: string): Promise<Bag> => unpackBag(await readFile(path));

/** SHA-256, hexadecimal, of all that is computed: models, predictions, steps, plans; remarks do not count. */
export const hashBag = (bag: Bag): string =>
  createHash('sha256')
    .update(packBag({ ...bag, notes: [] }))
    .digest('hex');
