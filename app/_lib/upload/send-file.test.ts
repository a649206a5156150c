import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PutAnswer, type SendFile, sendFile, UploadRefused, UploadStalled } from './send-file.ts';

/** A server that keeps what it gets; `fate` decides per request whether the line breaks and after how many bytes. */
function server(bytes: number, fate: (request: number) => { keep: number; answer: boolean }) {
  let held = 0;
  let requests = 0;
  const waits: number[] = [];
  const seen: [number, number][] = [];
  const put: SendFile['put'] = async (from, to): Promise<PutAnswer> => {
    const { keep, answer } = fate(requests++);
    if (from !== held) return { kind: 'moved', received: held };
    seen.push([from, to]);
    held += Math.min(to - from, Math.floor((to - from) * keep));
    return answer ? { kind: 'ok', received: held } : { kind: 'broken' };
  };
  const request = (more: Partial<SendFile> = {}): SendFile => ({
    bytes,
    received: 0,
    pieceBytes: 10,
    put,
    ask: async () => held,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
    },
    onProgress: () => {},
    onTrouble: () => {},
    signal: new AbortController().signal,
    ...more,
  });
  return { request, waits, seen, held: () => held };
}

const fine = () => ({ keep: 1, answer: true });

describe('sendFile', () => {
  test('sends pieces in order until all is there', async () => {
    const line = server(25, fine);
    await sendFile(line.request());
    expect(line.seen).toEqual([
      [0, 10],
      [10, 20],
      [20, 25],
    ]);
  });

  test('starts where the server stands and corrects a wrong offset', async () => {
    const line = server(25, fine);
    await sendFile(line.request({ received: 20 }));
    expect(line.seen[0]).toEqual([0, 10]);
    expect(line.held()).toBe(25);
  });

  test('waits longer after each failure and goes on after the bytes that arrived', async () => {
    const line = server(20, (n) => (n < 3 ? { keep: 0, answer: false } : { keep: 1, answer: true }));
    await sendFile(line.request());
    expect(line.waits).toEqual([500, 1000, 2000]);
    expect(line.held()).toBe(20);
  });

  test('gives up when nothing arrives any more, and can be started again', async () => {
    const line = server(20, (n) => (n === 0 ? { keep: 1, answer: true } : { keep: 0, answer: false }));
    await expect(sendFile(line.request())).rejects.toThrow(UploadStalled);
    expect(line.held()).toBe(10);
  });

  test('passes on a refusal in the server’s words', async () => {
    const line = server(20, fine);
    const put: SendFile['put'] = async () => ({ kind: 'refused', message: 'The file is too large.' });
    await expect(sendFile(line.request({ put }))).rejects.toThrow(UploadRefused);
  });

  test('stops at once when cancelled', async () => {
    const abort = new AbortController();
    const line = server(100, () => {
      abort.abort(new Error('cancelled'));
      return { keep: 1, answer: true };
    });
    await expect(sendFile(line.request({ signal: abort.signal }))).rejects.toThrow('cancelled');
    expect(line.seen.length).toBe(1);
  });

  test('delivers every byte once over any line that works now and then', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 200 }),
        fc.array(fc.record({ keep: fc.double({ min: 0, max: 1, noNaN: true }), answer: fc.boolean() }), {
          maxLength: 9,
        }),
        async (bytes, fates) => {
          const line = server(bytes, (n) => fates[n] ?? { keep: 1, answer: true });
          const progress: number[] = [];
          await sendFile(line.request({ onProgress: (received) => progress.push(received) }));
          expect(line.held()).toBe(bytes);
          expect(progress.at(-1)).toBe(bytes);
        },
      ),
    );
  });
});
