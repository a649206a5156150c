import { text } from 'node:stream/consumers';
import type { BlobStore } from '../../storage/index.ts';
import type { ServiceContext } from '../context.ts';
import { loadVersion, requireReady } from './load.ts';

export interface PreviewPage {
  readonly rows: (string | null)[][];
  /** Rows that the preview holds: the first of the table. */
  readonly total: number;
}

/** `<preview>.index`, written by the ingest job. */
interface PreviewIndex {
  readonly rows: number;
  readonly stride: number;
  readonly offsets: readonly number[];
}

/**
 * Rows of the table as the ingest job read them. The preview holds the first 10,000 rows, or fewer where they are wide.
 * Only the bytes of the page are read.
 */
export async function previewDataset(
  ctx: ServiceContext,
  input: { versionId: string; offset: number; limit: number },
): Promise<PreviewPage> {
  const { version } = await loadVersion(ctx, 'dataset.read', input.versionId);
  const { previewKey } = requireReady(version);
  if (!previewKey) return { rows: [], total: 0 };
  const { offset, limit } = input;
  const indexKey = `${previewKey}.index`;
  if (!(await ctx.blobs.exists(indexKey))) {
    const lines = parseLines(await readRange(ctx.blobs, previewKey));
    return { rows: lines.slice(offset, offset + limit), total: lines.length };
  }
  const index = JSON.parse(new TextDecoder().decode(await ctx.blobs.get(indexKey))) as PreviewIndex;
  if (offset >= index.rows || limit === 0) return { rows: [], total: index.rows };
  const block = Math.floor(offset / index.stride);
  const last = Math.ceil(Math.min(index.rows, offset + limit) / index.stride);
  const start = index.offsets[block] ?? 0;
  const end = (index.offsets[last] ?? index.offsets.at(-1) ?? 0) - 1;
  const lines = parseLines(await readRange(ctx.blobs, previewKey, { start, end }));
  const skip = offset - block * index.stride;
  return { rows: lines.slice(skip, skip + limit), total: index.rows };
}

const readRange = async (blobs: BlobStore, key: string, range?: { start: number; end: number }): Promise<string> =>
  text(await blobs.stream(key, range));

const parseLines = (lines: string): (string | null)[][] =>
  lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as (string | null)[]);
