/** `warmstart predict`: rows of a file through a model, read exactly as at training, written in batches. */
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ModelMetadata } from '#core/contracts/result.ts';
import { readModelMetadata } from '#core/serve/metadata.ts';
import { isDataError } from '#workers/data/data-error.ts';
import { predictionText, readRows, writePredictions } from '#workers/trainers/predict-table.ts';
import { describeDataError } from './data-error.ts';
import { CliError, exitCodes, usageError } from './exit.ts';
import { readableFile, writable } from './paths.ts';
import { runtimeNamed } from './runtime.ts';

const limits = { rows: 1e9, columns: 100_000, bytes: 1e12 };

async function readFileRows(path: string, metadata: ModelMetadata, folder: string): Promise<string> {
  try {
    const { parquetPath, absent } = await readRows({ path, fileName: basename(path), limits }, metadata, folder);
    if (absent.length > 0)
      process.stderr.write(
        `${path} lacks ${absent.length} of the model's columns; they count as missing: ${absent.slice(0, 20).join(', ')}\n`,
      );
    return parquetPath;
  } catch (error) {
    if (isDataError(error)) throw new CliError(exitCodes.badData, describeDataError(error.detail, basename(path)));
    throw error;
  }
}

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { out: { type: 'string' }, runtime: { type: 'string', default: 'node' } },
  });
  const [modelPath, rowsPath, ...surplus] = positionals;
  if (!modelPath || !rowsPath || !values.out || surplus.length > 0)
    throw usageError('warmstart predict MODEL.onnx ROWS --out predictions.csv [--runtime node|web]');
  const out = writable('out', values.out, [readableFile(modelPath), readableFile(rowsPath)]);
  const runtime = await runtimeNamed(values.runtime);
  const model = await readFile(modelPath);
  const metadata = metadataOf(model, modelPath);
  const folder = await mkdtemp(join(tmpdir(), 'warmstart-predict-'));
  const partial = `${out}.part`;
  try {
    const session = await runtime.createSession(model, { threads: 2 });
    const parquetPath = await readFileRows(rowsPath, metadata, folder);
    await writePredictions(partial, predictionText(session, metadata, parquetPath));
    await rename(partial, out);
    await session.dispose();
    return exitCodes.ready;
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(partial, { force: true });
  }
}

function metadataOf(model: Uint8Array, path: string): ModelMetadata {
  try {
    return readModelMetadata(model);
  } catch (error) {
    throw new CliError(exitCodes.badData, `${path}: ${(error as Error).message}`);
  }
}
