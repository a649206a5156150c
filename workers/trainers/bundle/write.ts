/** model.zip: the file with everything that explains and checks it. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { ModelMetadata, RunResult } from '#core/contracts/result.ts';
import { modelCard } from './card.ts';
import { browserSnippet, nodeSnippet, pythonSnippet } from './snippets.ts';

export interface BundleInput {
  readonly path: string;
  readonly name: string;
  readonly model: Uint8Array;
  readonly metadata: ModelMetadata;
  readonly result: RunResult;
  readonly golden: string;
  readonly receipt: string;
}

/** Times inside the archive are fixed, so that equal models give equal bytes. */
const mtime = new Date('2020-01-01T00:00:00Z');

export async function writeBundle(input: BundleInput): Promise<void> {
  const zip = new ZipFile();
  const add = (name: string, data: string | Uint8Array, compress = true) =>
    zip.addBuffer(Buffer.from(data as Uint8Array), name, { mtime, compress, mode: 0o100644 });
  add('model.onnx', input.model);
  add('schema.json', `${JSON.stringify(input.metadata, null, 2)}\n`);
  add('golden.jsonl', input.golden);
  add('receipt.json', input.receipt);
  add('card.md', modelCard(input.name, input.metadata, input.result));
  add('snippets/python.py', pythonSnippet);
  add('snippets/node.mjs', nodeSnippet);
  add('snippets/browser.html', browserSnippet);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(input.path));
}
