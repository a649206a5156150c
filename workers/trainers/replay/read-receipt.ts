/** A receipt as it lies on disk, alone or in a bundle. */
import { open, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { type ReceiptContents, type ReceiptName, receiptContents } from '#core/contracts/receipt.ts';
import { readZipEntries } from '../../data/zip-directory.ts';
import type { Receipt } from '../receipt.ts';

const unpack = promisify(inflateRaw);
/** Of a file in the bundle. */
const mostBytes = 2 ** 31 - 1;

/** Its message is one plain line for whoever named the file. */
export class UnreadableReceiptError extends Error {
  override name = 'UnreadableReceiptError';
}

export interface ReadReceipt {
  readonly receipt: Receipt;
  readonly contents: ReceiptContents;
  /** The model that came with it. */
  readonly model: Uint8Array | null;
}

/**
 * @param path a receipt.json, or a bundle (model.zip)
 * @throws UnreadableReceiptError
 */
export async function readReceipt(path: string): Promise<ReadReceipt> {
  const name = basename(path);
  const bytes = await readFile(path);
  if (bytes.subarray(0, 2).toString() !== 'PK') return { ...parseReceipt(bytes, name), model: null };
  const receipt = await entryOf(path, name, bytes, 'receipt.json');
  if (!receipt) throw new UnreadableReceiptError(`${name} holds no receipt.json: it is no bundle of a model.`);
  return { ...parseReceipt(receipt, name), model: await entryOf(path, name, bytes, 'model.onnx') };
}

async function entryOf(path: string, name: string, bytes: Buffer, wanted: string): Promise<Buffer | null> {
  const damaged = () => new UnreadableReceiptError(`${name} is damaged or cut off and cannot be unpacked.`);
  const file = await open(path);
  try {
    const entries = await readZipEntries(file, name).catch(() => {
      throw damaged();
    });
    const entry = entries.find((each) => each.name === wanted);
    if (!entry) return null;
    if (entry.bytes > mostBytes || entry.encrypted) throw damaged();
    const start = await entry.dataStart(path);
    const packed = bytes.subarray(start, start + entry.packed);
    if (entry.method === 0) return packed;
    const unpacked = await unpack(packed, { maxOutputLength: entry.bytes }).catch(() => null);
    if (!unpacked) throw damaged();
    return unpacked;
  } finally {
    await file.close();
  }
}

function parseReceipt(bytes: Buffer, name: string): Omit<ReadReceipt, 'model'> {
  let receipt: Receipt;
  try {
    receipt = JSON.parse(bytes.toString('utf8')) as Receipt;
  } catch {
    throw new UnreadableReceiptError(`${name} is neither a receipt (JSON) nor a bundle (zip).`);
  }
  if (!String(receipt?.schema).startsWith('warmstart.receipt/') || !Array.isArray(receipt.parts))
    throw new UnreadableReceiptError(`${name} is no receipt of a model.`);
  const contents: Partial<Record<ReceiptName, unknown>> = {};
  for (const [part, schema] of Object.entries(receiptContents)) {
    const found = receipt.parts.find((each) => each?.name === part);
    const parsed = schema.safeParse(found?.content);
    if (!parsed.success)
      throw new UnreadableReceiptError(
        `${name}: the part "${part}" ${found ? 'is not as a replay needs it' : 'is missing'}. ` +
          'Receipts of versions that recorded no plans cannot be replayed.',
      );
    // As it stands: its hash counts the keys in their order.
    contents[part as ReceiptName] = found?.content;
  }
  return { receipt, contents: contents as ReceiptContents };
}
