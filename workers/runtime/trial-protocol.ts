/** What the worker and its child processes say to each other. Big data travels in files, named by path. */

export interface RunMessage {
  readonly type: 'run';
  readonly id: number;
  /** Name of a task in `trial-child.ts`. */
  readonly task: string;
  readonly input: unknown;
}
export interface CancelMessage {
  readonly type: 'cancel';
  readonly id: number;
}
export type ToChild = RunMessage | CancelMessage;

export type FromChild =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly id: number; readonly data: unknown }
  | { readonly type: 'done'; readonly id: number; readonly value: unknown }
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly message: string;
      readonly name: string;
      /** Own enumerable fields of the error, e.g. the place of a bad value. */
      readonly detail: Readonly<Record<string, unknown>>;
    };

/** What a task's function is handed inside the child. */
export interface TaskContext {
  /** True once the parent asked to stop; check it at least every 100 ms and throw `CancelledError`. */
  readonly cancelled: () => boolean;
  /** Lets messages through. */
  readonly breathe: () => Promise<void>;
  /** Sends something small to the parent while the task runs. */
  readonly progress: (data: unknown) => void;
}
export type ChildTask = (input: never, context: TaskContext) => Promise<unknown>;

/** How a task ended, as the parent sees it. Only `done` carries a value. */
export type TaskOutcome<T> =
  | { readonly kind: 'done'; readonly value: T; readonly peakMegabytes: number }
  | {
      readonly kind: 'failed';
      readonly error: string;
      readonly name: string;
      readonly detail: Readonly<Record<string, unknown>>;
      readonly peakMegabytes: number;
    }
  | { readonly kind: 'timed_out'; readonly peakMegabytes: number }
  | { readonly kind: 'out_of_memory'; readonly peakMegabytes: number }
  | { readonly kind: 'cancelled'; readonly peakMegabytes: number };
