/** A task that misbehaves on request: how the pool's limits are tested against a real process. */
import { CancelledError } from '#core/contracts/learner.ts';
import type { TaskContext } from './trial-protocol.ts';

export type ProbeInput =
  | { readonly do: 'echo'; readonly value: unknown }
  | { readonly do: 'throw'; readonly message: string }
  | { readonly do: 'exit'; readonly code: number }
  /** Waits politely, looking out for cancellation. */
  | { readonly do: 'wait'; readonly ms: number }
  /** Blocks the event loop, deaf to everything. */
  | { readonly do: 'hang'; readonly ms: number }
  /** Fills memory outside V8's heap. */
  | { readonly do: 'fill'; readonly megabytes: number };

export async function probeTask(input: ProbeInput, context: TaskContext): Promise<unknown> {
  switch (input.do) {
    case 'echo':
      return { value: input.value, pid: process.pid };
    case 'throw':
      throw new RangeError(input.message);
    case 'exit':
      return process.exit(input.code);
    case 'wait':
      for (const end = Date.now() + input.ms; Date.now() < end; await new Promise((r) => setTimeout(r, 10))) {
        if (context.cancelled()) throw new CancelledError('stopped');
      }
      return 'waited';
    case 'hang':
      for (const end = Date.now() + input.ms; Date.now() < end; );
      return 'hung';
    case 'fill': {
      const held: Buffer[] = [];
      for (let i = 0; i < input.megabytes; i += 16) {
        held.push(Buffer.alloc(16 * 1024 * 1024, 1));
        await context.breathe();
        await new Promise((r) => setTimeout(r, 5));
      }
      return held.length;
    }
  }
}
