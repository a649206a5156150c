/** What the lent tab does right now: the trial, its folds, and inside the fold epochs, rate and loss. */
import type { FoldProgress, LendState } from '../../../_browser/lend-messages.ts';
import { formatBytes, formatCount } from '../../../_lib/format.ts';
import { Progress } from '../../ui/index.ts';
import { LossLine } from './loss-line.tsx';

const lossWords = (unit: FoldProgress['unit']) => (unit === 'step' ? 'training loss' : 'validation loss');
const plural = { step: 'steps', round: 'rounds', tree: 'trees', penalty: 'penalties' };

function placeWords({ unit, done, total, epoch }: FoldProgress): string {
  const place = `${unit} ${formatCount(done)} of ${formatCount(total)}`;
  return epoch === undefined ? place : `epoch ${formatCount(Math.ceil(epoch))} · ${place}`;
}

function rateWords({ unit, perSecond }: FoldProgress): string | null {
  if (perSecond === null || unit === 'penalty') return null;
  return `${formatCount(perSecond < 10 ? Number(perSecond.toFixed(1)) : Math.round(perSecond))} ${plural[unit]}/s`;
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
  const [done, total] = progress?.folds ?? [0, 0];
  const inside = progress && progress.total > 0 ? Math.min(1, progress.done / progress.total) : 0;
  const share = phase === 'training' ? (total > 0 ? (done + inside) / total : null) : 1;
  const loss = progress?.curve.at(-1);
  return (
    <div>
      <p className="mb-2 truncate text-table" title={trial.summary}>
        <span className="text-muted">Trial {trial.number}</span> {trial.summary}
      </p>
      <Progress
        value={share}
        label={
          phase === 'training'
            ? total > 0
              ? `fold ${Math.min(done + 1, total)} of ${total}`
              : 'Preparing the rows'
            : phaseWords[phase === 'judging' ? 'judging' : 'sending']
        }
        end={progress ? rateWords(progress) : undefined}
      />
      {progress && loss !== undefined ? (
        <div className="mt-2.5">
          <LossLine
            curve={progress.curve}
            label={`${lossWords(progress.unit)} of this fold, now ${loss.toPrecision(3)}`}
          />
          <div className="mt-1 flex flex-wrap justify-between gap-x-3 text-label text-muted">
            <span>{placeWords(progress)}</span>
            <span>
              {lossWords(progress.unit)} <b className="font-medium text-ink">{loss.toPrecision(3)}</b>
            </span>
          </div>
        </div>
      ) : progress ? (
        <p className="mt-1.5 text-label text-muted">{placeWords(progress)}</p>
      ) : null}
    </div>
  );
}
