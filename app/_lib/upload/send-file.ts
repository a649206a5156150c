/**
 * Sends a file by offset, piece by piece, and finds its place again after any break: what the server has is the only
 * truth. Pure logic; the network is handed in.
 */

/** What became of one piece. */
export type PutAnswer =
  /** The server now holds `received` bytes. */
  | { readonly kind: 'ok'; readonly received: number }
  /** The offset was not where the server stands. */
  | { readonly kind: 'moved'; readonly received: number }
  /** No answer, or one that may differ next time. */
  | { readonly kind: 'broken' }
  /** An answer that will not change. */
  | { readonly kind: 'refused'; readonly message: string };

export interface SendFile {
  readonly bytes: number;
  /** Where the server stands at the start. */
  readonly received: number;
  readonly pieceBytes?: number;
  /** Sends bytes `from` to `to`; reports progress inside the piece. */
  readonly put: (from: number, to: number, progress: (sent: number) => void) => Promise<PutAnswer>;
  /** Asks where the server stands; null when it cannot be reached. */
  readonly ask: () => Promise<number | null>;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly onProgress: (received: number) => void;
  /** Told between attempts: how often in a row it failed. */
  readonly onTrouble: (attempts: number) => void;
  readonly signal: AbortSignal;
}

export class UploadRefused extends Error {
  override name = 'UploadRefused';
}

export class UploadStalled extends Error {
  override name = 'UploadStalled';
}

const firstWait = 500;
const longestWait = 15_000;
/** With the waits above: gives up after about two minutes without any progress. */
const mostAttempts = 12;

/**
 * Resolves when the server holds every byte.
 * @throws UploadRefused when the server will not take it, UploadStalled after `mostAttempts` failures in a row,
 * the signal's reason when aborted
 */
export async function sendFile(request: SendFile): Promise<void> {
  const { bytes, put, ask, wait, onProgress, onTrouble, signal } = request;
  const pieceBytes = request.pieceBytes ?? 8 * 1024 * 1024;
  let at = request.received;
  let failures = 0;
  onProgress(at);
  while (at < bytes) {
    signal.throwIfAborted();
    const from = at;
    const answer = await put(from, Math.min(bytes, from + pieceBytes), (sent) => onProgress(from + sent));
    signal.throwIfAborted();
    if (answer.kind === 'refused') throw new UploadRefused(answer.message);
    if (answer.kind === 'ok' && answer.received > from) {
      at = answer.received;
      failures = 0;
      onProgress(at);
      continue;
    }
    failures += 1;
    onTrouble(failures);
    if (failures >= mostAttempts) throw new UploadStalled('The connection broke and did not come back.');
    if (answer.kind === 'moved') {
      at = answer.received;
    } else {
      await wait(Math.min(longestWait, firstWait * 2 ** (failures - 1)));
      signal.throwIfAborted();
      const standing = await ask();
      if (standing !== null) {
        if (standing > from) failures = 0;
        at = standing;
      }
    }
    onProgress(at);
  }
}
