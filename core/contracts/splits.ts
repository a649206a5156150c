/**
 * Which splits of a table flatter a model, as a fast probe found out on a sample of the rows: what rows share (groups,
 * time, copies), columns that know the target, and how a separate test table differs. One report for a version and target.
 */
import type { SplitPolicy, TaskKind } from './task.ts';

/** The probe's metric: always higher is better, 1 at best, so that gaps mean the same everywhere. */
export type ProbeMetric = 'roc_auc' | 'accuracy' | 'r2';

/** A difference of two scores with its 99 % interval. */
export interface Gap {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** How surely a row's origin can be told from its cells: 0.5 not at all, 1 always. With its 99 % interval. */
export interface Shift extends Gap {
  /** Columns that tell, the most telling first, each by the AUC that it reaches alone. */
  readonly columns: readonly { readonly column: string; readonly auc: number }[];
}

/** What the rows of a question share. */
export type SplitReason = 'group' | 'time' | 'copies';

/** One way to keep rows apart that a random split does not, and what it does to the score. */
export interface SplitQuestion {
  readonly about: SplitReason;
  /** Null for copies. */
  readonly column: string | null;
  /** Rows that were scored both ways. */
  readonly rows: number;
  /** Share of the rows that are not alone in their group; 1 for time. */
  readonly company: number;
  /** Groups among the rows; null for time. */
  readonly groups: number | null;
  /** The probe's score where rows are dealt at random, and where they are kept apart. */
  readonly random: number;
  readonly apart: number;
  /** `random` less `apart`. */
  readonly gap: Gap;
  /** The gap is surely not chance and large enough to ask about. */
  readonly matters: boolean;
  /** Which probes read the column itself: `random` as a search with that split would, or for comparison both or neither. */
  readonly reads: 'random' | 'both' | 'neither';
  /** What takes the advice; null where no split does. */
  readonly split: SplitPolicy | null;
  /** Time only: how the later rows differ from the earlier ones. */
  readonly drift: Shift | null;
  /** Copies only: rows of the version to leave out so that one of each is left; empty where not all rows were looked at. */
  readonly extra: readonly number[];
}

/** A column that by itself says (nearly) all that all columns say. */
export interface ColumnLeak {
  readonly column: string;
  /** Score of the column alone and of all columns together: AUC (mean over classes against the rest), or R². */
  readonly alone: number;
  readonly whole: number;
  /** The probe's score without the column, in its own metric, and what is lost. */
  readonly without: number;
  readonly loss: Gap;
  /** From 0.95 on a single column is suspected whatever the others say. */
  readonly suspect: boolean;
}

/** The target follows the order of an identifier, or of the rows in the file. */
export interface OrderLeak {
  /** Null for the order of the rows. */
  readonly column: string | null;
  /** AUC or R² of the order alone. */
  readonly score: number;
}

export interface SplitReport {
  readonly schema: 'warmstart.splits/1';
  readonly target: string;
  readonly kind: TaskKind;
  readonly metric: ProbeMetric;
  /** Rows of the version, and how many of them were looked at. */
  readonly rows: number;
  readonly looked: number;
  /** The probe's score where rows are dealt at random; null where there are too few rows to say anything. */
  readonly score: number | null;
  /** Those that matter first, then by gap. */
  readonly questions: readonly SplitQuestion[];
  readonly leaks: readonly ColumnLeak[];
  readonly orders: readonly OrderLeak[];
  /** How the rows of the separate test table differ; null without one. */
  readonly shift: Shift | null;
  /** Time ran out before all was looked at. */
  readonly cut: boolean;
}

export interface SplitPage {
  readonly state: 'none' | 'queued' | 'running' | 'ready' | 'failed';
  readonly report: SplitReport | null;
  /** Why it failed, in plain words. */
  readonly error: string | null;
}
