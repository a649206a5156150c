/** What `warmstart run` needs from a product, local or remote. */
import type { SearchRequestInput } from '#core/contracts/task.ts';
import type { SearchEvent, SearchView } from '#core/contracts/views.ts';

export interface TaskProposal {
  readonly kind: 'classification' | 'regression';
  readonly metric: SearchRequestInput['metric'];
  readonly positiveClass?: string | null | undefined;
}

export interface Backend {
  /**
   * Uploads a table and waits until it is read.
   * @throws CliError 3 with file, line, column, value and fix when it cannot be read
   */
  addTable(path: string): Promise<string>;
  /** Gives a test table the types of its training table; returns the version to use. */
  alignTypes(testVersionId: string, trainVersionId: string): Promise<string>;
  /** Task and metric that the data suggest for this target. */
  propose(versionId: string, target: string): Promise<TaskProposal>;
  start(request: SearchRequestInput & { spentSeconds: number }): Promise<string>;
  /** Reports what happens until the search has ended (or `signal` aborts), then its last view. */
  follow(
    searchId: string,
    tell: (event: SearchEvent, view: SearchView) => void,
    signal: AbortSignal,
  ): Promise<SearchView>;
  /** Cancels (ended searches stay as they are) and says what became of it. */
  cancel(searchId: string): Promise<SearchView>;
  /** Writes the best model so far; false when there is none yet. */
  saveBest(searchId: string, path: string): Promise<boolean>;
  /** Writes a file of a finished model. */
  save(modelId: string, file: 'model.onnx' | 'model.zip', path: string): Promise<void>;
  close(): Promise<void>;
}
