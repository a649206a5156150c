/** Turns what a learner reports inside a fold into what a page shows: rate and loss curve. */
import type { FoldProgress } from './lend-messages.ts';
import type { TrainProgress } from './train-trial.ts';

/** Points of a curve; at twice as many every other one goes. */
const points = 120;
/** Seconds over which the rate is measured. */
const window = 1.5;

export class FoldWatch {
  private readonly now: () => number;
  private losses: number[] = [];
  private every = 1;
  private reports = 0;
  private marks: { at: number; done: number }[] = [];

  /** @param now seconds of a clock that only runs forward */
  constructor(now: () => number) {
    this.now = now;
  }

  next({ folds, fit }: TrainProgress): FoldProgress {
    if (!fit) {
      this.losses = [];
      this.every = 1;
      this.reports = 0;
      this.marks = [];
      return { folds, fit, perSecond: null, curve: [] };
    }
    if (fit.loss !== undefined && Number.isFinite(fit.loss)) this.record(fit.loss);
    return { folds, fit, perSecond: this.rate(fit.done), curve: [...this.losses] };
  }

  private record(loss: number): void {
    if (this.reports++ % this.every > 0) return;
    this.losses.push(loss);
    if (this.losses.length < 2 * points) return;
    this.losses = this.losses.filter((_, i) => i % 2 === 0);
    this.every *= 2;
  }

  private rate(done: number): number | null {
    const at = this.now();
    this.marks.push({ at, done });
    while (this.marks.length > 2 && at - this.marks[1]!.at > window) this.marks.shift();
    const first = this.marks[0]!;
    return at - first.at < 0.1 ? null : (done - first.done) / (at - first.at);
  }
}
