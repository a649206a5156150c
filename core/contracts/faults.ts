/** What looks wrong in the rows that a model was trained on: faults.json of a model, and what its page reads of it. */

/** A label or number that the model does not believe, a copy with another target, a cell far outside its column. */
export const faultKinds = ['label', 'twin', 'outlier'] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  /** Row of the data set version, from 0. */
  readonly row: number;
  /** The target as it stands. */
  readonly given: string;
  /** What is more plausible; null where the fault is not about the target. */
  readonly suggested: string | null;
  /** Why, in plain words. */
  readonly reason: string;
  /** Values of `FaultReport.columns` in this row; null where missing. */
  readonly cells: readonly (string | null)[];
}

export interface FaultReport {
  readonly schema: 'warmstart.faults/1';
  /** Training rows that were looked through. */
  readonly rows: number;
  readonly target: string;
  /** Columns whose values are listed: the ones that matter most. */
  readonly columns: readonly string[];
  /** How many labels are wrong by confident learning; null for numbers. */
  readonly estimated: number | null;
  /** How many were found of each kind; the lists hold the worst of them. */
  readonly found: Readonly<Record<FaultKind, number>>;
  /** Most suspicious first. */
  readonly faults: Readonly<Record<FaultKind, readonly Fault[]>>;
}

export interface FaultPage {
  readonly state: 'none' | 'queued' | 'ready' | 'failed';
  readonly report: Omit<FaultReport, 'faults' | 'schema'> | null;
  readonly faults: readonly Fault[];
  /** Faults of this kind that are listed in all. */
  readonly listed: number;
  /** Version of the data that the rows are of. */
  readonly versionId: string | null;
  readonly versionNumber: number | null;
  readonly datasetId: string | null;
}
