/** Keeps a running trial's heartbeat going and stops it when its search no longer wants it. */
import { beatTrial } from '#server/services/trial/heartbeat.ts';
import type { Worker } from '../worker.ts';

const beatMs = 1500;

export class Pulse {
  /** `release`: put it back into the queue. `lost`: somebody else decides about it; throw the work away. */
  verdict: 'go on' | 'release' | 'lost' = 'go on';
  private readonly controller = new AbortController();
  private readonly worker: Worker;
  private readonly searchId: string;
  private readonly trialId: string;
  private readonly owner: string;
  private readonly keepOn: boolean;
  private readonly unwatch: () => void;
  private readonly onShutDown = () => this.abort('release');
  private timer: NodeJS.Timeout | undefined;
  private beating = false;
  private stopped = false;

  /** @param keepOn work of a moment that a pause need not throw away */
  constructor(worker: Worker, searchId: string, trialId: string, owner: string, keepOn = false) {
    this.keepOn = keepOn;
    this.worker = worker;
    this.searchId = searchId;
    this.trialId = trialId;
    this.owner = owner;
    this.unwatch = worker.hub.watch(this.searchId, () => void this.beat());
    worker.shutDown.signal.addEventListener('abort', this.onShutDown);
    this.schedule();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  private abort(verdict: 'release' | 'lost'): void {
    if (this.stopped || this.verdict !== 'go on') return;
    this.verdict = verdict;
    this.controller.abort();
  }

  private schedule(): void {
    this.timer = setTimeout(() => void this.beat().finally(() => !this.stopped && this.schedule()), beatMs);
  }

  private async beat(): Promise<void> {
    if (this.beating || this.stopped) return;
    this.beating = true;
    try {
      const pulse = await beatTrial(this.worker, { trialId: this.trialId, worker: this.owner });
      if (!pulse?.mine) this.abort('lost');
      else if (!this.keepOn && (pulse.state === 'pausing' || pulse.state === 'paused')) this.abort('release');
    } catch {
      // The database is away: the trial goes on, its result is stored once it is back.
    } finally {
      this.beating = false;
    }
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.unwatch();
    this.worker.shutDown.signal.removeEventListener('abort', this.onShutDown);
  }
}
