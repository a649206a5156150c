/**
 * Entry of a child process that runs one task at a time and stays warm between tasks. A crash, a leak or a hang in
 * here ends this process only. It ends by itself when its parent is gone.
 */
import { setImmediate } from 'node:timers/promises';
import { CancelledError } from '#core/contracts/learner.ts';
import type { ChildTask, FromChild, ToChild } from './trial-protocol.ts';

/** Loaded on first use, so that a child which only trains never loads the readers of files. */
const tasks: Readonly<Record<string, () => Promise<ChildTask>>> = {
  prepare: async () => (await import('../trainers/prepare.ts')).prepareTask,
  train: async () => (await import('../trainers/train.ts')).trainTask,
  judge: async () => (await import('../trainers/judge.ts')).judgeTask,
  export: async () => (await import('../trainers/provisional.ts')).exportTask,
  predict: async () => (await import('../trainers/predict.ts')).predictTask,
  faults: async () => (await import('../trainers/faults.ts')).faultsTask,
  splits: async () => (await import('../trainers/splits.ts')).splitsTask,
  insights: async () => (await import('../trainers/insights.ts')).insightsTask,
  finalise: async () => (await import('../trainers/finalise.ts')).finaliseTask,
  rebuild: async () => (await import('../trainers/replay/rebuild.ts')).rebuildTask,
  probe: async () => (await import('./trial-probe.ts')).probeTask,
};

/** Who prepares a search finalises it later: what that needs is loaded while trials run elsewhere. */
async function warmUp(): Promise<void> {
  try {
    await tasks.finalise?.();
    await (await import('../trainers/warm-up.ts')).warmUpRuntimes();
  } catch {
    // Finalising will say what is wrong.
  }
}

const send = (message: FromChild): void => {
  process.send?.(message);
};
let current: number | undefined;
let stopRequested = false;

async function run(id: number, name: string, input: unknown): Promise<void> {
  current = id;
  stopRequested = false;
  try {
    const load = tasks[name];
    if (!load) throw new Error(`there is no task ${name}`);
    const task = await load();
    const value = await task(input as never, {
      cancelled: () => stopRequested,
      breathe: () => setImmediate(),
      progress: (data) => send({ type: 'progress', id, data }),
    });
    send({ type: 'done', id, value });
    if (name === 'prepare') void warmUp();
  } catch (error) {
    const e = error instanceof Error ? error : new Error(String(error));
    const detail = JSON.parse(JSON.stringify({ ...e })) as Record<string, unknown>;
    if (!(e instanceof CancelledError) && process.env.WARMSTART_DEBUG) console.error(e);
    send({ type: 'failed', id, message: e.message, name: e.name, detail });
  } finally {
    current = undefined;
  }
}

process.on('message', (message: ToChild) => {
  if (message.type === 'run') void run(message.id, message.task, message.input);
  else if (message.id === current) stopRequested = true;
});
process.on('disconnect', () => process.exit(0));
// The parent decides when to end; a terminal's Ctrl-C reaches the whole group.
process.on('SIGINT', () => undefined);
send({ type: 'ready' });
// What nearly every task needs is loaded while nobody waits for it.
for (const name of ['train', 'prepare', 'export']) void tasks[name]?.().catch(() => undefined);
