/** `warmstart replay`: runs a receipt again and says whether the same file comes out, or what differs. */
import { rmSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ReplayReport } from '#core/contracts/replay.ts';
import { isDataError } from '#workers/data/data-error.ts';
import { TrialPool } from '#workers/runtime/trial-pool.ts';
import { type ReadReceipt, readReceipt, UnreadableReceiptError } from '#workers/trainers/replay/read-receipt.ts';
import { replay } from '#workers/trainers/replay/replay.ts';
import { describeDataError } from './data-error.ts';
import { CliError, exitCodes, usageError } from './exit.ts';
import { readableFile, writable } from './paths.ts';
import { dataFiles } from './run-arguments.ts';

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      test: { type: 'string' },
      all: { type: 'boolean', default: false },
      out: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [receiptPath, dataPath, ...surplus] = positionals;
  if (!receiptPath || !dataPath || surplus.length > 0)
    throw usageError('warmstart replay RECEIPT.json|BUNDLE.zip DATA [--test FILE] [--all] [--out model.onnx] [--json]');
  const path = readableFile(receiptPath);
  const paths = dataFiles(dataPath, values.test);
  const out = values.out === undefined ? null : writable('out', values.out, [path, paths.data, paths.test]);
  const read = await readOr3(path);
  const named = (file: string) => ({ path: file, name: basename(file) });
  const files = { data: named(paths.data), test: paths.test === null ? null : named(paths.test) };

  const folder = await mkdtemp(join(tmpdir(), 'warmstart-replay-'));
  const lanes = availableParallelism();
  // Replays follow plans, not limits: what the machine has may be used.
  const pool = new TrialPool({ size: lanes, warm: 1, megabytes: (0.8 * totalmem()) / 1e6 });
  const onSignal = () => {
    pool.close();
    rmSync(folder, { recursive: true, force: true });
    process.exit(exitCodes.cancelled);
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    const modelPath = join(folder, 'model.onnx');
    const say = (line: string) => process.stderr.write(`${line}\n`);
    const report = await replay({ read, files, all: values.all, folder, modelPath, pool, say });
    if (out && report.model.rebuilt) await copyFile(modelPath, out);
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : describeReplay(report));
    return report.same ? exitCodes.ready : exitCodes.verification;
  } catch (error) {
    if (isDataError(error)) throw new CliError(exitCodes.badData, describeDataError(error.detail, files.data.name));
    throw error;
  } finally {
    pool.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function readOr3(path: string): Promise<ReadReceipt> {
  try {
    return await readReceipt(path);
  } catch (error) {
    if (error instanceof UnreadableReceiptError) throw new CliError(exitCodes.badData, error.message);
    throw error;
  }
}

/** For people: one line with the verdict, then what differs and why it may. */
export function describeReplay(report: ReplayReport): string {
  const { asks, trials, model, seconds } = report;
  const lines = [
    report.same
      ? `The same file, byte by byte: SHA-256 ${model.recorded}`
      : `Something differs. Recorded: SHA-256 ${model.recorded}; rebuilt: ${model.rebuilt ?? 'none'}`,
    `${asks.replayed} asks with ${asks.proposals} proposals, ${asks.differ} differ; ` +
      `${trials.retrained} trials trained again, ${trials.differ} differ; ${seconds.toFixed(1)} s`,
    ...report.differences.map(({ place, message }) => `- ${place}: ${message}`),
    ...(report.same ? [] : report.environment.map((line) => `  (${line})`)),
  ];
  return `${lines.join('\n')}\n`;
}
