/** A trained bag as it lies in the blob store, and its hash. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { Bag } from '#core/learners/bag.ts';
import { packBag, unpackBag } from '#core/learners/packed-bag.ts';

/** @returns its hash, as `hashBag` gives it */
export async function writeBag(path: string, bag: Bag): Promise<string> {
  const packed = packBag(bag);
  await writeFile(path, packed);
  return bag.notes.length === 0 ? sha256(packed) : hashBag(bag);
}

export const readBag = async (path: string): Promise<Bag> => unpackBag(await readFile(path));

/** SHA-256, hexadecimal, of all that is computed: models, predictions, steps, plans; remarks do not count. */
export const hashBag = (bag: Bag): string => sha256(packBag({ ...bag, notes: [] }));

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
