/** Warm child processes that run tasks under a deadline and a memory cap, one task each at a time. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { residentMegabytes } from './resident.ts';
import type { FromChild, TaskOutcome, ToChild } from './trial-protocol.ts';

export interface PoolOptions {
  readonly size: number;
  /** Children started at once; the others start when they are first needed. All by default. */
  readonly warm?: number;
  /** Resident megabytes at which a child is killed. */
  readonly megabytes: number;
}

export interface RunOptions {
  /** `Date.now()` at which the child is asked to stop; `graceMs` later it is killed. */
  readonly deadline: number;
  readonly graceMs?: number;
  /** Stops the task: first politely, then by force. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (data: unknown) => void;
  /** Told which process works on the task. */
  readonly onStart?: (pid: number) => void;
}

interface Job {
  readonly id: number;
  readonly task: string;
  readonly input: unknown;
  readonly options: RunOptions;
  readonly settle: (outcome: TaskOutcome<never> | TaskOutcome<unknown>) => void;
}

const pollMs = 50;
const politeMs = 1500;
const replaceMs = 500;
const entry = fileURLToPath(new URL('./trial-child.ts', import.meta.url));

/** One slot of the pool: a child process, replaced when it dies. */
class Slot {
  private child: ChildProcess | undefined;
  private job: Job | undefined;
  private peak = 0;
  private ending: 'timed_out' | 'out_of_memory' | 'cancelled' | undefined;
  private closed = false;
  private readonly megabytes: number;
  private readonly onIdle: () => void;

  constructor(megabytes: number, warm: boolean, onIdle: () => void) {
    this.megabytes = megabytes;
    this.onIdle = onIdle;
    if (warm) this.spawn();
  }

  get busy(): boolean {
    return this.job !== undefined;
  }

  private spawn(): void {
    const heap = Math.max(512, Math.floor(this.megabytes * 0.75));
    const child = fork(entry, {
      serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning', `--max-old-space-size=${heap}`],
    });
    this.child = child;
    child.on('message', (message: FromChild) => this.receive(child, message));
    child.on('error', () => undefined);
    child.on('exit', (code, signal) => {
      if (this.child !== child) return;
      this.child = undefined;
      // One that ends before it had anything to do would do so again.
      if (!this.job) return;
      // V8 aborts when its heap is full, the kernel kills when the machine's memory is.
      const memory = signal === 'SIGABRT' || (signal === 'SIGKILL' && !this.ending);
      const kind = this.ending ?? (memory && this.peak > 0.6 * heap ? 'out_of_memory' : undefined);
      this.settle(
        kind
          ? { kind, peakMegabytes: this.peak }
          : {
              kind: 'failed',
              error: `The trial's process ended (${signal ?? `exit code ${code}`}).`,
              name: 'ProcessEnded',
              detail: {},
              peakMegabytes: this.peak,
            },
      );
      this.replace();
    });
  }

  /** A new child for one that ended at work, so that the next search need not wait for it; not at once, others compute. */
  private replace(): void {
    setTimeout(() => {
      if (!this.child && !this.closed) this.spawn();
    }, replaceMs).unref();
  }

  run(job: Job): void {
    if (!this.child) this.spawn();
    const child = this.child as ChildProcess;
    this.job = job;
    this.peak = 0;
    this.ending = undefined;
    const { deadline, graceMs = 2000, signal } = job.options;
    const stop = (kind: 'timed_out' | 'cancelled', afterMs: number) => {
      this.ending ??= kind;
      this.tell(child, { type: 'cancel', id: job.id });
      setTimeout(() => this.job === job && child.kill('SIGKILL'), afterMs).unref();
    };
    const onAbort = () => stop('cancelled', politeMs);
    const watch = setInterval(() => {
      const resident = child.pid ? residentMegabytes(child.pid) : 0;
      this.peak = Math.max(this.peak, resident);
      if (resident > this.megabytes) {
        this.ending = 'out_of_memory';
        child.kill('SIGKILL');
      } else if (Date.now() > deadline && !this.ending) {
        stop('timed_out', graceMs);
      }
    }, pollMs);
    const settle = job.settle;
    this.job = {
      ...job,
      settle: (outcome) => {
        clearInterval(watch);
        signal?.removeEventListener('abort', onAbort);
        settle(outcome);
      },
    };
    job = this.job;
    signal?.addEventListener('abort', onAbort, { once: true });
    if (child.pid) job.options.onStart?.(child.pid);
    this.tell(child, { type: 'run', id: job.id, task: job.task, input: job.input });
    if (signal?.aborted) onAbort();
  }

  private tell(child: ChildProcess, message: ToChild): void {
    if (child.connected) child.send(message, () => undefined);
  }

  private receive(child: ChildProcess, message: FromChild): void {
    const job = this.job;
    if (!job || this.child !== child || message.type === 'ready' || message.id !== job.id) return;
    if (message.type === 'progress') {
      job.options.onProgress?.(message.data);
      return;
    }
    this.settle(this.outcomeOf(message));
  }

  private outcomeOf(message: Exclude<FromChild, { type: 'ready' | 'progress' }>): TaskOutcome<unknown> {
    const peakMegabytes = this.peak;
    if (message.type === 'done') return { kind: 'done', value: message.value, peakMegabytes };
    if (this.ending) return { kind: this.ending, peakMegabytes };
    const { name, detail } = message;
    if (name === 'CancelledError') return { kind: 'cancelled', peakMegabytes };
    return { kind: 'failed', error: message.message, name, detail, peakMegabytes };
  }

  private settle(outcome: TaskOutcome<unknown>): void {
    const job = this.job;
    this.job = undefined;
    // A child that holds much memory from its last task would be charged for it in the next one.
    if (outcome.kind === 'done' && outcome.peakMegabytes > this.megabytes / 2) {
      this.kill();
      this.replace();
    }
    job?.settle(outcome);
    this.onIdle();
  }

  close(): void {
    this.closed = true;
    this.kill();
  }

  private kill(): void {
    const child = this.child;
    this.child = undefined;
    child?.kill('SIGKILL');
    this.job?.settle({ kind: 'cancelled', peakMegabytes: this.peak });
    this.job = undefined;
  }
}

export class TrialPool {
  private readonly slots: Slot[];
  private readonly waiting: Job[] = [];
  private counter = 0;
  private closed = false;

  constructor(options: PoolOptions) {
    this.slots = Array.from(
      { length: options.size },
      (_, i) => new Slot(options.megabytes, i < (options.warm ?? options.size), () => this.next()),
    );
  }

  /** Runs a task in the next free child. Never rejects: every way to end is an outcome. */
  run<T>(task: string, input: unknown, options: RunOptions): Promise<TaskOutcome<T>> {
    return new Promise((settle) => {
      const id = ++this.counter;
      this.waiting.push({ id, task, input, options, settle: settle as (outcome: TaskOutcome<unknown>) => void });
      this.next();
    });
  }

  private next(): void {
    if (this.closed) return;
    for (const slot of this.slots) {
      if (slot.busy) continue;
      const job = this.waiting.shift();
      if (!job) return;
      slot.run(job);
    }
  }

  /** Kills all children; running and waiting tasks end as cancelled. */
  close(): void {
    this.closed = true;
    for (const job of this.waiting.splice(0)) job.settle({ kind: 'cancelled', peakMegabytes: 0 });
    for (const slot of this.slots) slot.close();
  }
}
