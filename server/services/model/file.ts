/** The files of a model as downloads: streamed, cacheable by hash, with a name any system accepts. */
import type { Readable } from 'node:stream';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { readGoldenRows } from './golden.ts';
import { loadModel, type ModelRowData } from './load.ts';

export const modelFiles = {
  'model.onnx': 'application/octet-stream',
  'model.zip': 'application/zip',
  'golden.jsonl': 'application/x-ndjson',
  'receipt.json': 'application/json',
  'report.json': 'application/json',
} as const;
export type ModelFile = keyof typeof modelFiles;

export interface Download {
  readonly fileName: string;
  readonly contentType: string;
  readonly etag: string;
  readonly bytes: number;
  /** Opens the body; not called when the client's copy is current. */
  readonly open: () => Promise<Readable | Uint8Array>;
}

/** Letters, digits, dot, dash and underscore only: nothing in a header or a file system can stumble over it. */
export function safeFileName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return plain.slice(0, 80) || 'model';
}

const keyOf = (model: ModelRowData, file: ModelFile): string =>
  ({
    'model.onnx': model.onnxKey,
    'model.zip': `models/${model.id}/model.zip`,
    'golden.jsonl': model.goldenKey,
    'receipt.json': model.receiptKey,
    'report.json': model.reportKey,
  })[file];

/** @throws AppError `not_found`, `forbidden`, `unauthenticated` */
export async function openModelFile(ctx: ServiceContext, input: { id: string; file: string }): Promise<Download> {
  const { model } = await loadModel(ctx, 'model.download', input.id);
  if (!(input.file in modelFiles)) throw new AppError('not_found', 'There is no such file.');
  const file = input.file as ModelFile;
  const [stem, extension] = file.split('.') as [string, string];
  const fileName = `${safeFileName(model.name)}${stem === 'model' ? '' : `-${stem}`}.${extension}`;
  const base = { fileName, contentType: modelFiles[file], etag: `"${model.sha256.slice(0, 32)}-${stem}-${extension}"` };
  if (file === 'golden.jsonl') {
    // Inputs only: the expected outputs never leave the server on this way.
    const rows = await readGoldenRows(ctx, model);
    const body = new TextEncoder().encode(rows.map(({ inputs }) => `${JSON.stringify({ inputs })}\n`).join(''));
    return { ...base, bytes: body.byteLength, open: async () => body };
  }
  const key = keyOf(model, file);
  return { ...base, bytes: await ctx.blobs.size(key), open: () => ctx.blobs.stream(key) };
}
