/** What the page and the worker that trains in it say to each other: the page starts it, then it tells how it stands. */
import type { FitProgress } from '#core/contracts/learner.ts';
import type { Backend } from './ort.ts';

export interface LendRequest {
  readonly searchId: string;
  readonly backend: Backend;
  readonly threads: number;
}

export interface HeldTrial {
  readonly trialId: string;
  readonly lease: string;
  readonly number: number;
  readonly learner: string;
  readonly summary: string;
}

export interface FoldProgress {
  /** Folds done, and of how many. */
  readonly folds: readonly [done: number, total: number];
  /** Null while a fold is prepared. */
  readonly fit: FitProgress | null;
  /** Steps, rounds or trees a second; null until measured. */
  readonly perSecond: number | null;
  /** Losses of this fold from its start, thinned out evenly. */
  readonly curve: readonly number[];
}

/** How a trial ended that this tab held. */
export interface LendResult {
  readonly number: number;
  readonly summary: string;
  readonly state: 'kept' | 'refused' | 'returned' | 'dropped';
  /** The server's own score; kept ones only. */
  readonly score: number | null;
  /** Why it does not count; null for kept ones. */
  readonly why: string | null;
}

export interface LendState {
  readonly phase: 'loading' | 'waiting' | 'training' | 'sending' | 'judging' | 'ended';
  /** Why it waits or has ended, and what it fell back to. */
  readonly note: string | null;
  /** Bytes of the data, while they come. */
  readonly load: { readonly done: number; readonly total: number } | null;
  /** Browser, runtime and threads: what the server notes beside a trial. */
  readonly device: string;
  readonly trial: HeldTrial | null;
  readonly progress: FoldProgress | null;
  /** Newest first. */
  readonly results: readonly LendResult[];
}

export type ToLender = { readonly kind: 'lend'; readonly request: LendRequest } | { readonly kind: 'stop' };
export type FromLender =
  | { readonly kind: 'state'; readonly state: LendState }
  | { readonly kind: 'failed'; readonly message: string };
