/** The bank that ships with the product, in the layout of `core/contracts/bank-file.ts`; `npm run bench -- seed-bank` makes it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** Every process of the product runs in the repository's root; bundlers move modules, so their own place is no guide. */
export const seedBankFile = join('db', 'seed', 'bank.jsonl.gz');

/** @param file another one, packed with gzip */
export async function readSeedBank(file = join(process.cwd(), seedBankFile)): Promise<string> {
  const packed = await readFile(file);
  return (await promisify(gunzip)(packed)).toString('utf8');
}
