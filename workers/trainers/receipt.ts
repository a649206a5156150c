/** The receipt: what was run, on what, with what result; each part's hash goes into the next, the last is the receipt's. */
import { createHash } from 'node:crypto';

export interface ReceiptPart {
  readonly name: string;
  readonly content: unknown;
}

export interface Receipt {
  readonly schema: 'warmstart.receipt/1';
  readonly parts: readonly (ReceiptPart & { readonly previous: string | null; readonly hash: string })[];
  /** Hash of the last part: it fixes all of them. */
  readonly hash: string;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Hash of one part after another; `content` counts as its JSON. */
export function chainParts(parts: readonly ReceiptPart[]): Receipt {
  let previous: string | null = null;
  const chained = parts.map(({ name, content }) => {
    const hash: string = sha256(JSON.stringify([previous, name, content]));
    const part = { name, content, previous, hash };
    previous = hash;
    return part;
  });
  return { schema: 'warmstart.receipt/1', parts: chained, hash: previous ?? sha256('') };
}

/** Whether every hash of a receipt fits its content. */
export function checkReceipt(receipt: Receipt): boolean {
  const again = chainParts(receipt.parts.map(({ name, content }) => ({ name, content })));
  return again.hash === receipt.hash && again.parts.every((part, i) => part.hash === receipt.parts[i]?.hash);
}
