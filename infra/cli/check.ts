/** `warmstart check`: runs a model on its golden rows and compares with what the trainer expected. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type GoldenRow, goldenRowSchema } from '#core/contracts/result.ts';
import { compareOutputs, rawOutputs } from '#core/serve/agreement.ts';
import { makeFeeds } from '#core/serve/feeds.ts';
import { readModelMetadata } from '#core/serve/metadata.ts';
import { readPredictions } from '#core/serve/predictions.ts';
import { CliError, exitCodes, usageError } from './exit.ts';
import { readableFile } from './paths.ts';
import { runtimeNamed } from './runtime.ts';

function parseGolden(text: string, path: string): GoldenRow[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    try {
      return [goldenRowSchema.parse(JSON.parse(line))];
    } catch {
      throw new CliError(exitCodes.badData, `${path}, line ${i + 1}: this is no golden row.`);
    }
  });
}

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { golden: { type: 'string' }, runtime: { type: 'string', default: 'node' }, json: { type: 'boolean' } },
  });
  const [path, ...surplus] = positionals;
  if (!path || !values.golden || surplus.length > 0)
    throw usageError('warmstart check MODEL.onnx --golden golden.jsonl');
  const runtime = await runtimeNamed(values.runtime);
  const bytes = await readFile(readableFile(path));
  const rows = parseGolden(await readFile(readableFile(values.golden), 'utf8'), values.golden);
  if (rows.length === 0) throw new CliError(exitCodes.badData, `${values.golden} holds no rows.`);
  const metadata = readOr3(() => readModelMetadata(bytes), path);
  const session = await runtime.createSession(bytes).catch((error: Error) => {
    throw new CliError(exitCodes.verification, `${runtime.name} does not load ${path}: ${error.message}`);
  });
  const { tensors } = makeFeeds(metadata.columns, rows.length, (row, input) => rows[row]?.inputs[input]);
  const outputs = rawOutputs(readPredictions(metadata, await session.run(tensors)));
  await session.dispose();
  const { differences, ...agreement } = compareOutputs(rows, outputs, metadata.classes);
  const result = { runtime: runtime.name, ...agreement };
  if (values.json) process.stdout.write(`${JSON.stringify({ ...result, differences })}\n`);
  else {
    const words = result.pass ? 'agrees' : 'DISAGREES';
    process.stdout.write(
      `${result.runtime}: ${words} on ${result.rows} rows, max difference ${result.maxAbsDiff.toExponential(1)}, ${result.labelFlips} label flips\n`,
    );
  }
  for (const { row, output, expected, got } of differences)
    process.stderr.write(`row ${row + 1}, ${output}: expected ${expected}, got ${got}\n`);
  return result.pass ? exitCodes.ready : exitCodes.verification;
}

function readOr3<T>(read: () => T, path: string): T {
  try {
    return read();
  } catch (error) {
    throw new CliError(exitCodes.badData, `${path}: ${(error as Error).message}`);
  }
}
