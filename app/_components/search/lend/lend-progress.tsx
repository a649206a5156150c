/** What the lent tab does right now: the trial, its folds, and inside the fold epochs, rate and loss. */
import type { FitProgress } from '#core/contracts/learner.ts';
import type { FoldProgress, LendState } from '../../../_browser/lend-messages.ts';
import { formatBytes, formatCount } from '../../../_lib/format.ts';
import { Progress } from '../../ui/index.ts';
import { LossLine } from './loss-line.tsx';

const lossWords = (unit: FitProgress['unit']) => (unit === 'step' ? 'training loss' : 'validation loss');
const plural = { step: 'steps', round: 'rounds', tree: 'trees', penalty: 'penalties' };

function placeWords({ unit, done, total, epoch }: FitProgress): string {
  const place = `${unit} ${formatCount(done)} of ${formatCount(total)}`;
  return epoch === undefined ? place : `epoch ${formatCount(Math.ceil(epoch))} · ${place}`;
}

function rateWords({ fit, perSecond }: FoldProgress): string | null {
  if (!fit || perSecond === null || fit.unit === 'penalty') return null;
  return `${perSecond < 10 ? perSecond.toFixed(1) : formatCount(Math.round(perSecond))} ${plural[fit.unit]}/s`;
}

/** Folds and the part of the one in training; null before there is anything to measure. */
function shareOf(progress: FoldProgress | null): number | null {
  const [done, total] = progress?.folds ?? [0, 0];
  if (total === 0) return null;
  const fit = progress?.fit;
  return (done + (fit && fit.total > 0 ? (fit.folds ?? 1) * Math.min(1, fit.done / fit.total) : 0)) / total;
}

function foldWords(progress: FoldProgress | null): string {
  const [done, total] = progress?.folds ?? [0, 0];
  if (total === 0) return 'Preparing the rows';
  const [first, last] = [done + 1, done + (progress?.fit?.folds ?? 1)].map((fold) => Math.min(fold, total));
  return first === last ? `fold ${first} of ${total}` : `folds ${first} to ${last} of ${total}`;
}

const phaseWords = { sending: 'Sending the model', judging: 'The server is scoring it' } as const;

export function LendProgress({ state }: { readonly state: LendState }) {
  const { phase, load, trial, progress, note } = state;
  if (phase === 'loading') {
    const share = load && load.total > 0 ? load.done / load.total : null;
    const end = load && load.total > 0 ? `${formatBytes(load.done)} of ${formatBytes(load.total)}` : undefined;
    return <Progress value={share} label="Fetching the training rows" end={end} />;
  }
  if (!trial) return <p className="text-table text-muted">{note ?? 'Waiting for a trial.'}</p>;
  const fit = progress?.fit ?? null;
  const loss = progress?.curve.at(-1);
  return (
    <div>
      <p className="mb-2 truncate text-table" title={trial.summary}>
        <span className="text-muted">Trial {trial.number}</span> {trial.summary}
      </p>
      <Progress
        value={phase === 'training' ? shareOf(progress) : 1}
        label={phase === 'training' ? foldWords(progress) : phaseWords[phase === 'judging' ? 'judging' : 'sending']}
        end={progress ? rateWords(progress) : undefined}
      />
      {progress && fit && loss !== undefined ? (
        <div className="mt-2.5">
          <LossLine
            curve={progress.curve}
            label={`${lossWords(fit.unit)} of ${(fit.folds ?? 1) > 1 ? 'these folds' : 'this fold'}, now ${loss.toPrecision(3)}`}
          />
          <div className="mt-1 flex flex-wrap justify-between gap-x-3 text-label text-muted">
            <span>{placeWords(fit)}</span>
            <span>
              {lossWords(fit.unit)} <b className="font-medium text-ink">{loss.toPrecision(3)}</b>
            </span>
          </div>
        </div>
      ) : fit ? (
        <p className="mt-1.5 text-label text-muted">{placeWords(fit)}</p>
      ) : null}
    </div>
  );
}
