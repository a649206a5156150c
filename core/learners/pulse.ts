/** Lets a long computation be interrupted: cancellation and messages every 50 ms, by the learner's own clock. */
import { CancelledError, type FitContext } from '../contracts/learner.ts';

export class Pulse {
  private readonly context: FitContext;
  private last: number;
  private ticks = 0;

  constructor(context: FitContext) {
    this.context = context;
    this.last = context.secondsLeft();
  }

  /** Call often; it does something only every 50 ms. Throws `CancelledError` once the trial was cancelled. */
  async tick(): Promise<void> {
    const now = this.context.secondsLeft();
    const still = Number.isFinite(now) ? this.last - now < 0.05 : ++this.ticks % 32 !== 0;
    if (still) return;
    this.last = now;
    if (this.context.cancelled()) throw new CancelledError('The trial was cancelled.');
    await this.context.breathe();
  }
}
