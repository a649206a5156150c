/** What a fold keeps of its run: its best look at the validation rows, and checkpoints on the way. */
import type { FitContext } from '../../contracts/learner.ts';
import type { Validated } from './validation.ts';

export interface RunCheckpoint extends Validated {
  /** Share of the run. */
  readonly at: number;
  /** What made the predictions; kept only where the context says that the fold is judged elsewhere. */
  readonly parameters?: Float32Array;
}

export interface KeptFold {
  readonly parameters: Float32Array;
  /** On the validation rows; empty when there are none. */
  readonly predictions: Float32Array;
  /** Updates until the kept one. */
  readonly step: number;
  /** What the run predicted on its way; empty unless the context says that rows are few. */
  readonly checkpoints: readonly RunCheckpoint[];
  readonly notes: readonly string[];
}

/** Checkpoints lie close together early on: networks on few rows overfit within some epochs. */
const CHECKPOINTS = Array.from({ length: 16 }, (_, i) => 2 ** ((i - 15) / 2));

/** The last checkpoint at or before this share of the run; 0 before all of them. */
const checkpointAt = (progress: number): number => CHECKPOINTS.findLast((at) => at <= progress + 1e-9) ?? 0;

/** Bytes that the checkpoints of one fold may hold where their parameters are kept. */
const CHECKPOINT_BYTES = 32 * 1024 * 1024;

export class FoldKeeper {
  private readonly fewRows: boolean;
  private readonly keepsParameters: boolean;
  private readonly checkpoints: RunCheckpoint[] = [];
  private best: (Validated & Pick<KeptFold, 'parameters' | 'step'>) | undefined;
  private end: string | undefined;

  /**
   * @param bytes of the fold's parameters
   * @throws RangeError where the checkpoints would be too many to be handed over
   */
  constructor({ fewRows = false, judgedElsewhere = false }: FitContext, bytes: number) {
    this.fewRows = fewRows;
    this.keepsParameters = fewRows && judgedElsewhere;
    if (this.keepsParameters && CHECKPOINTS.length * bytes > CHECKPOINT_BYTES)
      throw new RangeError('This network is too large to be handed over with all that it is judged by.');
  }

  get diverged(): boolean {
    return this.end !== undefined;
  }

  /** Nothing that comes later counts. */
  diverge(step: number, total: number): void {
    this.end ??= `diverged at step ${step} of ${total}`;
  }

  /** @param read copies the fold's parameters as they are */
  look(look: Validated, step: number, progress: number, read: () => Float32Array): void {
    if (this.diverged || Number.isNaN(look.loss)) return;
    // On ties the later one, which has seen smaller learning rates.
    if (this.best === undefined || look.loss <= this.best.loss) this.best = { ...look, parameters: read(), step };
    const at = checkpointAt(progress);
    if (this.fewRows && at > (this.checkpoints.at(-1)?.at ?? 0))
      this.checkpoints.push({ at, ...look, ...(this.keepsParameters ? { parameters: read() } : {}) });
  }

  /**
   * @param last the parameters at the end where there are no validation rows, else null
   * @throws Error where the network diverged before anything could be kept
   */
  kept(step: number, last: Float32Array | null): KeptFold {
    const notes = this.end === undefined ? [] : [this.end];
    const { checkpoints } = this;
    if (this.best) {
      const { parameters, predictions, step } = this.best;
      return { parameters, predictions, step, checkpoints, notes };
    }
    if (last === null || this.diverged) throw new Error('The network diverged before its first validation.');
    return { parameters: last, predictions: new Float32Array(0), step, checkpoints, notes };
  }
}
