import { eq } from 'drizzle-orm';
import { uploads } from '#db/schema/datasets.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';

export type UploadRow = typeof uploads.$inferSelect;

/** Where an upload stands: what a client needs to go on after a broken connection. */
export interface UploadView {
  readonly id: string;
  readonly url: string;
  /** Bytes that are kept: the next PUT begins here. */
  readonly received: number;
  readonly bytes: number;
  readonly state: UploadRow['state'];
}

export async function loadUpload(ctx: Pick<ServiceContext, 'db'>, id: string): Promise<UploadRow> {
  const [row] = await ctx.db.select().from(uploads).where(eq(uploads.id, id));
  if (!row) throw new AppError('not_found', 'There is no such upload.');
  return row;
}

export const viewOf = ({ id, received, bytes, state }: UploadRow): UploadView => ({
  id,
  url: `/api/uploads/${id}`,
  received,
  bytes,
  state,
});

/** Blob of the bytes that one PUT brought, by the offset they begin at. */
export const partKey = (upload: Pick<UploadRow, 'blobKey'>, offset: number): string =>
  `${upload.blobKey}/${String(offset).padStart(15, '0')}`;
