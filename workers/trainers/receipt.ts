/**
 * The receipt: what was run, on what, with what result; each part's hash goes into the next. First comes what a repeated
 * run with the same seed repeats bit by bit: its hash stands in the model, which is then the same file again. How this
 * run went, with its times, follows.
 */
import { createHash } from 'node:crypto';

export interface ReceiptPart {
  readonly name: string;
  readonly content: unknown;
}

export interface Receipt {
  readonly schema: 'warmstart.receipt/2';
  readonly parts: readonly (ReceiptPart & { readonly previous: string | null; readonly hash: string })[];
  /** Hash of the last part about the model: it fixes all of those, and stands in the file. */
  readonly hash: string;
  /** Hash of the last part of all: it fixes the account of the run too. */
  readonly runHash: string;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/**
 * Hash of one part after another; `content` counts as its JSON.
 * @param model parts that are the same whenever the run is repeated
 * @param run parts about this one run
 */
export function chainParts(model: readonly ReceiptPart[], run: readonly ReceiptPart[]): Receipt {
  let previous: string | null = null;
  const chained = [...model, ...run].map(({ name, content }) => {
    const hash: string = sha256(JSON.stringify([previous, name, content]));
    const part = { name, content, previous, hash };
    previous = hash;
    return part;
  });
  const hashAt = (count: number) => chained[count - 1]?.hash ?? sha256('');
  return {
    schema: 'warmstart.receipt/2',
    parts: chained,
    hash: hashAt(model.length),
    runHash: hashAt(chained.length),
  };
}

/** Name of the first part whose hash does not fit its content and the part before; null where all do. */
export function brokenPart(receipt: Receipt): string | null {
  const parts = receipt.parts.map(({ name, content }) => ({ name, content }));
  const about = receipt.parts.findIndex(({ hash }) => hash === receipt.hash) + 1;
  const again = chainParts(parts.slice(0, about), parts.slice(about));
  const broken = receipt.parts.find(({ hash, previous }, i) => {
    const right = again.parts[i];
    return right?.hash !== hash || right.previous !== previous;
  });
  if (broken) return broken.name;
  return again.hash === receipt.hash && again.runHash === receipt.runHash ? null : 'the whole';
}

/** Whether every hash of a receipt fits its content. */
export const checkReceipt = (receipt: Receipt): boolean => brokenPart(receipt) === null;
