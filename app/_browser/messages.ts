/** What the page and its model worker say to each other. Every request is answered once; progress may come before. */
import type { ModelMetadata } from '#core/contracts/result.ts';
import type { RowQuestion } from '#core/explain/columns.ts';
import type { Explanation } from '#core/explain/shapley.ts';
import type { Predictions } from '#core/serve/predictions.ts';
import type { CheckRun } from './check.ts';
import type { Backend } from './ort.ts';
import type { FileResult } from './predict-file.ts';
import type { RawRow } from './predictor.ts';

export interface LoadedModel {
  readonly metadata: ModelMetadata;
  readonly runtime: string;
  readonly threads: number;
  readonly bytes: number;
  /** Milliseconds from the first byte to a session that is ready. */
  readonly loadMs: number;
}

export type Request =
  | { readonly kind: 'load'; readonly url: string; readonly backend: Backend }
  | { readonly kind: 'predict'; readonly rows: readonly RawRow[] }
  /** `shown`: index of the class whose probability is explained. A newer request of this kind ends an older one. */
  | { readonly kind: 'explain'; readonly question: RowQuestion; readonly shown: number; readonly milliseconds: number }
  | { readonly kind: 'check'; readonly rows: readonly RawRow[] }
  | { readonly kind: 'file'; readonly file: File }
  | { readonly kind: 'cancel'; readonly what: 'file' | 'explain' };

export interface Answers {
  load: LoadedModel;
  predict: Predictions;
  /** Null where it was cancelled, or a newer request came. */
  explain: Explanation | null;
  check: CheckRun;
  file: FileResult;
  cancel: null;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Rows predicted so far, where `done` counts bytes. */
  readonly rows?: number;
}

export interface ToWorker {
  readonly id: number;
  readonly request: Request;
}
export type FromWorker =
  | { readonly id: number; readonly kind: 'progress'; readonly progress: Progress }
  | { readonly id: number; readonly kind: 'answer'; readonly answer: Answers[keyof Answers] }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string };
