/** Takes the bytes of one PUT. What arrived before a connection broke is kept. */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { eq } from 'drizzle-orm';
import { uploads } from '#db/schema/datasets.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { authorize } from '../scopes.ts';
import { loadUpload, partKey, type UploadRow, type UploadView, viewOf } from './view.ts';

export interface AppendInput {
  readonly id: string;
  /** Where these bytes belong: must be what the server has received. */
  readonly offset: number;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Any web process can take any part: a part is written to a local file first and becomes a blob of its own.
 * @throws AppError `conflict` with `received` for a wrong offset, `too_large` for more bytes than were announced
 */
export async function appendUpload(ctx: ServiceContext, input: AppendInput): Promise<UploadView> {
  await authorize(ctx, 'upload.write', { uploadId: input.id });
  const upload = await loadUpload(ctx, input.id);
  checkOffset(upload, input.offset);
  const folder = join(ctx.config.dataDir, 'staging');
  await mkdir(folder, { recursive: true });
  const path = join(folder, randomUUID());
  try {
    const arrived = await writeBody(path, input.body, upload.bytes - input.offset);
    const row = arrived.bytes > 0 ? await keepPart(ctx, input, path, arrived.bytes) : upload;
    if (arrived.tooMany)
      throw new AppError('too_large', `The upload was announced with ${upload.bytes} bytes; more arrived.`, {
        received: row.received,
      });
    if (arrived.broken) throw new AppError('invalid', 'The connection broke.', { received: row.received });
    return viewOf(row);
  } finally {
    await rm(path, { force: true });
  }
}

function checkOffset(upload: UploadRow, offset: number): void {
  if (upload.state !== 'receiving')
    throw new AppError('conflict', `This upload is ${upload.state}.`, { received: upload.received });
  if (offset !== upload.received)
    throw new AppError('conflict', `The server has ${upload.received} bytes, not ${offset}.`, {
      received: upload.received,
    });
}

/** Writes at most `room` bytes to a local file. Never rejects because the client went away: what it sent counts. */
export async function writeBody(
  path: string,
  body: AsyncIterable<Uint8Array>,
  room: number,
): Promise<{ bytes: number; tooMany: boolean; broken: boolean }> {
  let bytes = 0;
  let tooMany = false;
  let broken = false;
  async function* accepted(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of body) {
        if (chunk.byteLength > room - bytes) {
          tooMany = true;
          return;
        }
        bytes += chunk.byteLength;
        yield chunk;
      }
    } catch {
      broken = true;
    }
  }
  await pipeline(
    accepted(),
    new Transform({ transform: (chunk, _encoding, done) => done(null, chunk) }),
    createWriteStream(path),
  );
  return { bytes, tooMany, broken };
}

/** The row is locked while the part moves in, so that two PUTs at one offset cannot both win. */
async function keepPart(ctx: ServiceContext, input: AppendInput, path: string, bytes: number): Promise<UploadRow> {
  return ctx.db.transaction(async (tx) => {
    const [current] = await tx.select().from(uploads).where(eq(uploads.id, input.id)).for('update');
    if (!current) throw new AppError('not_found', 'There is no such upload.');
    checkOffset(current, input.offset);
    await ctx.blobs.putFile(partKey(current, input.offset), path);
    const change = { received: input.offset + bytes, updatedAt: ctx.now() };
    await tx.update(uploads).set(change).where(eq(uploads.id, input.id));
    return { ...current, ...change };
  });
}
