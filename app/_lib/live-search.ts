/**
 * What a live page knows of one search: a snapshot and the numbered events after it. Applying an event twice changes
 * nothing, and a gap is reported instead of skipped over, so a stream can be cut and taken up anywhere.
 */
import type { SearchEvent, SearchView, TrialView } from '#core/contracts/views.ts';

export type LogEvent = Exclude<SearchEvent, { kind: `trial.${string}` }>;

export interface LiveSearch {
  readonly view: SearchView;
  /** By trial number. */
  readonly trials: ReadonlyMap<number, TrialView>;
  /** Everything but trials, oldest first. */
  readonly log: readonly LogEvent[];
  /** Number of the newest event applied: where the stream goes on. */
  readonly lastEvent: number;
}

const ended = (trial: TrialView) => trial.state !== 'queued' && trial.state !== 'running';

/**
 * Starts from what queries answered. The trials may be newer than the view; the events between are applied again.
 * @param log events up to `view.lastEvent` or later
 */
export function fromSnapshot(view: SearchView, trials: readonly TrialView[], log: readonly LogEvent[]): LiveSearch {
  const lastEvent = view.lastEvent;
  return {
    view,
    trials: new Map(trials.map((trial) => [trial.number, trial])),
    log: log.filter((event) => event.number <= lastEvent),
    lastEvent,
  };
}

/** Takes a fresher view of the same search; an older one changes nothing. The stream's place stays. */
export function withView(live: LiveSearch, view: SearchView): LiveSearch {
  return view.lastEvent < live.view.lastEvent ? live : { ...live, view };
}

/** True when `event` does not follow on what is known: ask again from `lastEvent`. */
export function leavesGap(live: LiveSearch, event: SearchEvent): boolean {
  return event.number > live.lastEvent + 1;
}

/** Applies events in order; those already known are passed over, and nothing after a gap is taken. */
export function applyEvents(live: LiveSearch, events: readonly SearchEvent[]): LiveSearch {
  let trials: Map<number, TrialView> | undefined;
  let log: LogEvent[] | undefined;
  let { view, lastEvent } = live;
  for (const event of events) {
    if (event.number <= lastEvent) continue;
    if (event.number > lastEvent + 1) break;
    lastEvent = event.number;
    if (event.kind === 'trial.queued' || event.kind === 'trial.started' || event.kind === 'trial.ended') {
      const { trial } = event.data;
      const known = (trials ?? live.trials).get(trial.number);
      // A snapshot of the trials can be ahead of the stream: what has ended does not run again.
      if (known && ended(known) && !ended(trial)) continue;
      trials ??= new Map(live.trials);
      trials.set(trial.number, trial);
      continue;
    }
    log ??= [...live.log];
    log.push(event);
    if (event.number > view.lastEvent) view = { ...applyToView(view, event), lastEvent: event.number };
  }
  return { view, trials: trials ?? live.trials, log: log ?? live.log, lastEvent };
}

function applyToView(view: SearchView, event: LogEvent): SearchView {
  if (event.kind === 'state') return { ...view, state: event.data.state, error: event.data.error ?? view.error };
  if (event.kind === 'prepared') return { ...view, prepared: event.data };
  if (event.kind === 'best') return { ...view, best: event.data };
  if (event.kind === 'usable') return { ...view, firstUsableSeconds: event.data.seconds };
  if (event.kind === 'prior') return { ...view, prior: event.data };
  if (event.kind === 'model') return { ...view, modelId: event.data.modelId };
  if (event.kind === 'phase') {
    const { name, seconds } = event.data;
    return { ...view, phases: { ...view.phases, [name]: { ...view.phases[name], used: seconds } } };
  }
  return view;
}

export interface TrialCounts {
  readonly done: number;
  readonly failed: number;
  readonly running: number;
  readonly queued: number;
}

/** How many trials stand where; cancelled ones count nowhere. */
export function countTrials(trials: Iterable<TrialView>): TrialCounts {
  const counts = { done: 0, failed: 0, running: 0, queued: 0 };
  for (const { state } of trials) {
    if (state === 'done' || state === 'running' || state === 'queued') counts[state] += 1;
    else if (state !== 'cancelled') counts.failed += 1;
  }
  return counts;
}
