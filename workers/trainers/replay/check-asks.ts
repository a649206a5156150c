/** Whether the strategy asks as recorded, and whether the trials are those that it asked for. */
import type { ReceiptContents } from '#core/contracts/receipt.ts';
import type { ReplayDifference } from '#core/contracts/replay.ts';
import { hashDesign } from '#core/spaces/identity.ts';
import { tabularSpace } from '#core/spaces/tabular.ts';
import { strategyNamed } from '#core/strategies/registry.ts';
import { isAsk, replayTrace } from '#core/strategies/trace.ts';
import { trialSeed } from '#server/services/trial/insert.ts';
import { trialKey } from '#server/services/trial/key.ts';

export interface AskedAgain {
  readonly replayed: number;
  readonly proposals: number;
  readonly differ: number;
  readonly differences: readonly ReplayDifference[];
}

/** Each message names one ask or one trial; of asks only the first few, since later ones follow from them. */
const mostAsks = 5;

export function checkAsks(recorded: ReceiptContents): AskedAgain {
  const { trace, trials, task, request } = recorded;
  const asks = trace.entries.filter(isAsk);
  const counts = { replayed: asks.length, proposals: asks.reduce((sum, { proposals }) => sum + proposals.length, 0) };
  const differences: ReplayDifference[] = [];
  let differ = 0;
  try {
    if (trace.setup.seed !== request.seed)
      differences.push({
        place: 'asks',
        message: `The strategy was given seed ${trace.setup.seed}; the request says ${request.seed}.`,
      });
    const found = replayTrace(strategyNamed(trace.strategy), trace);
    differ = found.length;
    for (const { ask, message } of found.slice(0, mostAsks))
      differences.push({ place: 'asks', message: `Ask ${ask} of ${asks.length}, ${message}` });
    if (found.length > mostAsks)
      differences.push({ place: 'asks', message: `${found.length - mostAsks} more asks differ after these.` });
    const asked = new Map(asks.flatMap(({ proposals }) => proposals.map(({ trial, hash }) => [trial, hash])));
    const told = new Map(
      trace.entries.flatMap((entry) => (isAsk(entry) ? [] : entry.tell.map((outcome) => [outcome.trial, outcome]))),
    );
    const space = tabularSpace(trace.setup);
    for (const trial of trials) {
      const message = checkTrial(trial, hashDesign(space, trial.design), { asked, told, task: task.hash, recorded });
      if (message) differences.push({ place: 'asks', message: `Trial ${trial.number}: ${message}` });
    }
  } catch (error) {
    differences.push({ place: 'asks', message: `The trace cannot be followed: ${(error as Error).message}` });
  }
  return { ...counts, differ, differences };
}

type Trial = ReceiptContents['trials'][number];
type Told = ReadonlyMap<number, { readonly state: string; readonly score: number | null }>;

function checkTrial(
  trial: Trial,
  hash: string,
  known: {
    asked: ReadonlyMap<number | null, string>;
    told: Told;
    task: string;
    recorded: ReceiptContents;
  },
): string | null {
  const { asked, told, task, recorded } = known;
  const proposed = asked.get(trial.number);
  if (proposed ? proposed !== hash : trial.role !== 'baseline')
    return proposed ? 'its design is not the one that was asked for.' : 'nobody asked for it.';
  if (trialKey(task, recorded.trace.setup, hash) !== trial.key)
    return 'its key is not the hash of task, folds and design.';
  if (!trial.reused && trialSeed(recorded.request.seed, hash) !== trial.seed)
    return `its seed ${trial.seed} is not the one that search and design give.`;
  const outcome = told.get(trial.number);
  if (outcome && (outcome.state !== trial.state || outcome.score !== trial.score))
    return `it ended ${trial.state} with ${trial.score}, but the strategy was told ${outcome.state} with ${outcome.score}.`;
  return null;
}
