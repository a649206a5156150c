/** `warmstart run`: a table in, a verified ONNX model out. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { RunResult } from '#core/contracts/result.ts';
import { metricInfo, type SearchRequestInput } from '#core/contracts/task.ts';
import type { SearchView } from '#core/contracts/views.ts';
import type { Backend } from './backend.ts';
import { CliError, exitCodes, usageError } from './exit.ts';
import { Progress, summarise } from './progress.ts';
import { parseRunArguments, type RunArguments } from './run-arguments.ts';

async function openBackend(args: RunArguments, say: (line: string) => void): Promise<Backend> {
  if (args.server) {
    const { openRemote } = await import('./backend-remote.ts');
    return openRemote(args.server, process.env.WARMSTART_API_KEY, args.project);
  }
  const { openLocal } = await import('./backend-local.ts');
  return openLocal(args.dataDir, say);
}

async function requestOf(backend: Backend, args: RunArguments): Promise<SearchRequestInput> {
  const datasetVersionId = await backend.addTable(args.data);
  const testVersionId = args.test
    ? await backend.alignTypes(await backend.addTable(args.test), datasetVersionId)
    : null;
  const proposed = await backend.propose(datasetVersionId, args.target);
  if (args.positiveClass !== null && !proposed.positiveClass && args.task !== 'classification')
    throw usageError(
      `--positive-class ${args.positiveClass}: it is for a target of two classes, which "${args.target}" is not.`,
    );
  const kind = args.task ?? (args.metric ? metricInfo[args.metric].kinds[0] : proposed.kind);
  const metric =
    args.metric ?? (kind === proposed.kind ? proposed.metric : kind === 'regression' ? 'rmse' : 'log_loss');
  return {
    datasetVersionId,
    testVersionId,
    target: args.target,
    kind,
    metric,
    positiveClass: args.positiveClass ?? (kind === proposed.kind ? proposed.positiveClass : null),
    costs: args.costs,
    monotone: args.monotone,
    ...(args.split ? { split: args.split } : {}),
    budgetSeconds: args.budgetSeconds,
    maxTrials: args.trials,
    seed: args.seed,
    prior: args.prior,
    strategy: args.strategy,
    reuse: args.reuse,
    stopEarly: args.stopEarly,
  };
}

export async function main(argv: string[]): Promise<number> {
  const args = parseRunArguments(argv);
  const started = Number(process.env.WARMSTART_STARTED) || Date.now();
  const progress = new Progress(args.budgetSeconds, started);
  const interrupt = new AbortController();
  let interruptedAt = 0;
  const onSignal = () => {
    // A terminal and the process that started us may both pass on one Ctrl-C; a second one later means "at once".
    if (interrupt.signal.aborted && Date.now() - interruptedAt > 1000) process.exit(exitCodes.cancelled);
    interruptedAt ||= Date.now();
    interrupt.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  let backend: Backend | undefined;
  try {
    backend = await openBackend(args, (line) => progress.line(line));
    const request = await requestOf(backend, args);
    if (interrupt.signal.aborted) throw new CliError(exitCodes.cancelled, 'Cancelled before the search began.');
    const spentSeconds = (Date.now() - started) / 1000;
    const searchId = await backend.start({ ...request, spentSeconds });
    const view = await backend.follow(searchId, (event, seen) => progress.event(event, seen), interrupt.signal);
    progress.end();
    if (interrupt.signal.aborted) return await cancelled(backend, args, view);
    return await report(backend, args, view, started);
  } finally {
    progress.end();
    await backend?.close();
  }
}

/** Ctrl-C: the best model so far is written, the search is cancelled. */
async function cancelled(backend: Backend, args: RunArguments, view: SearchView): Promise<number> {
  const saved = args.out ? await backend.saveBest(view.id, args.out) : false;
  const { result } = await backend.cancel(view.id);
  process.stderr.write(saved ? `Cancelled. The best model so far is in ${args.out}.\n` : 'Cancelled.\n');
  if (args.json && result)
    process.stdout.write(`${JSON.stringify({ ...result, model: saved ? await usable(args.out as string) : null })}\n`);
  return exitCodes.cancelled;
}

async function usable(path: string): Promise<NonNullable<RunResult['model']>> {
  const bytes = await readFile(path);
  return { path, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.byteLength, members: [] };
}

async function report(backend: Backend, args: RunArguments, view: SearchView, started: number): Promise<number> {
  const { result } = view;
  if (view.state === 'ready' && view.modelId && result?.model) {
    if (args.out) await backend.save(view.modelId, 'model.onnx', args.out);
    if (args.bundle) await backend.save(view.modelId, 'model.zip', args.bundle);
    const model = args.out ? { ...result.model, path: args.out, bytes: (await stat(args.out)).size } : result.model;
    const final: RunResult = { ...result, model, seconds: { ...result.seconds, total: (Date.now() - started) / 1000 } };
    process.stdout.write(args.json ? `${JSON.stringify(final)}\n` : summarise({ ...view, result: final }, args.out));
    return exitCodes.ready;
  }
  if (args.json && result) process.stdout.write(`${JSON.stringify(result)}\n`);
  const message = view.error ?? `The search ended ${view.state}.`;
  const codes = { data: exitCodes.badData, no_model: exitCodes.noModel, verification: exitCodes.verification };
  if (view.state === 'cancelled') throw new CliError(exitCodes.cancelled, 'The search was cancelled.');
  throw new CliError(codes[result?.failure ?? 'no_model'], message);
}
