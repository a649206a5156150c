/** Progress on stderr: one redrawn line on a terminal, plain lines otherwise. */
import { metricInfo } from '#core/contracts/task.ts';
import type { SearchEvent, SearchView } from '#core/contracts/views.ts';

const everyMs = 10_000;
const width = 24;

export class Progress {
  private readonly terminal: boolean;
  private readonly out: NodeJS.WriteStream;
  private done = 0;
  private failed = 0;
  private best: number | undefined;
  private state = 'reading';
  private said = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly budget: number;
  private readonly started: number;
  private metric = '';

  /** @param started `Date.now()` at which the budget began */
  constructor(budgetSeconds: number, started: number, out: NodeJS.WriteStream = process.stderr) {
    this.out = out;
    this.terminal = out.isTTY === true;
    this.budget = budgetSeconds;
    this.started = started;
    if (this.terminal) this.timer = setInterval(() => this.draw(), 250);
  }

  line(text: string): void {
    this.out.write(this.terminal ? `\r\u001b[K${text}\n` : `${text}\n`);
    this.draw();
  }

  event(event: SearchEvent, view: SearchView): void {
    this.metric = view.metric;
    switch (event.kind) {
      case 'state':
        this.state = event.data.state;
        this.line(`${this.clock()} ${event.data.state}${event.data.error ? `: ${event.data.error}` : ''}`);
        break;
      case 'prepared': {
        const { trainRows, testRows, features, folds, seconds } = event.data;
        this.line(
          `${this.clock()} prepared ${trainRows} rows (${testRows} sealed), ${features} features, ${folds} folds in ${seconds.toFixed(1)} s`,
        );
        break;
      }
      case 'trial.ended':
        if (event.data.trial.state === 'done') this.done++;
        else if (event.data.trial.state !== 'cancelled') {
          this.failed++;
          this.line(
            `${this.clock()} trial ${event.data.trial.number} (${event.data.trial.summary}) ${event.data.trial.state}: ${event.data.trial.error ?? ''}`,
          );
        }
        this.draw();
        break;
      case 'best':
        this.best = event.data.value;
        if (!this.terminal)
          this.line(
            `${this.clock()} best ${view.metric} ${format(event.data.value)} [${format(event.data.low)}, ${format(event.data.high)}] by trial ${event.data.trialNumber}`,
          );
        break;
      case 'usable':
        this.line(`${this.clock()} first usable model after ${event.data.seconds.toFixed(1)} s`);
        break;
      case 'log':
        this.line(`${this.clock()} ${event.data.message}`);
        break;
      default:
    }
  }

  private clock(): string {
    return `[${((Date.now() - this.started) / 1000).toFixed(1).padStart(6)} s]`;
  }

  private draw(): void {
    const seconds = (Date.now() - this.started) / 1000;
    const best = this.best === undefined ? '' : ` · best ${this.metric} ${format(this.best)}`;
    const text = `${this.state} · ${this.done} trials${this.failed ? ` (${this.failed} failed)` : ''}${best}`;
    if (this.terminal) {
      const share = Math.min(1, seconds / this.budget);
      const full = Math.round(width * share);
      this.out.write(
        `\r\u001b[K${'█'.repeat(full)}${'░'.repeat(width - full)} ${seconds.toFixed(0)}/${this.budget} s · ${text}`,
      );
    } else if (Date.now() - this.said > everyMs && this.done > 0) {
      this.said = Date.now();
      this.out.write(`${this.clock()} ${text}\n`);
    }
  }

  end(): void {
    clearInterval(this.timer);
    if (this.terminal) this.out.write('\r\u001b[K');
  }
}

/** Four to five significant digits, as scores are read. */
export const format = (value: number): string => (Math.abs(value) < 1e4 ? value.toPrecision(5) : value.toFixed(1));

/** The result for people, on stdout where `--json` was not asked for. */
export function summarise(view: SearchView, out: string | null): string {
  const { result } = view;
  if (!result) return `${view.state}\n`;
  const name = metricInfo[view.metric].label;
  const score = (label: string, s: { value: number; low: number; high: number; rows: number } | null) =>
    s ? `${label.padEnd(12)}${name} ${format(s.value)}  [${format(s.low)}, ${format(s.high)}] on ${s.rows} rows\n` : '';
  const random = result.random
    ? `random      ${name} ${format(result.random.value)}  (the search is ${result.random.verdict === 'tie' ? 'a tie' : result.random.verdict})\n`
    : '';
  const model = result.model
    ? `model       ${out ?? result.model.path} (${result.model.bytes} bytes, ${result.model.members.length} members)\n`
    : '';
  const checks = result.verification.map(
    (v) =>
      `${'verified'.padEnd(12)}${v.runtime}: ${v.pass ? 'agrees' : 'DISAGREES'} on ${v.rows} rows, max difference ${v.maxAbsDiff.toExponential(1)}\n`,
  );
  const trials = `trials      ${result.trials.done} done, ${result.trials.failed} failed, ${result.trials.reused} reused in ${result.seconds.total.toFixed(1)} s\n`;
  return `${score('validation', result.scores.validation)}${score('test', result.scores.test)}${random}${model}${checks.join('')}${trials}`;
}
