'use client';
import Link from 'next/link';
import { liveStates } from '#core/contracts/task.ts';
import type { SearchRow } from '#core/contracts/views.ts';
import { formatDuration, formatInterval, formatScore, metricLabel } from '../../_lib/format.ts';
import { routes } from '../../_lib/routes.ts';
import { WarmLine } from '../chart/warm-line.tsx';
import { StateChip } from '../ui/chip.tsx';
import { Td, Tr } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';

const verdictLooks = {
  better: { word: 'better', tone: 'text-good' },
  tie: { word: 'tie', tone: 'text-muted' },
  worse: { word: 'worse', tone: 'text-bad' },
};

function stateNote(search: SearchRow): string | null {
  if (search.state === 'failed') return search.error;
  if (search.state !== 'searching') return null;
  return `${Math.min(Math.round(search.elapsedSeconds), search.budgetSeconds)} of ${formatDuration(search.budgetSeconds)}`;
}

function scoreText(search: SearchRow): string {
  if (search.best === null) return '';
  const { interval } = search;
  return interval ? formatInterval(search.best, interval.low, interval.high) : formatScore(search.best);
}

/** One search in the project's table. */
export function SearchLine({ projectId, search }: { readonly projectId: string; readonly search: SearchRow }) {
  const live = liveStates.includes(search.state) && search.state !== 'paused';
  const verdict = search.verdict ? verdictLooks[search.verdict] : null;
  const score = scoreText(search);
  const metric = metricLabel(search.metric);
  return (
    <Tr covered>
      <Td className="h-10 max-w-72 max-sm:max-w-36">
        <Link href={routes.search(projectId, search.id)} className="cover-link block truncate font-medium no-underline">
          {search.number} · predict {search.target}
        </Link>
      </Td>
      <Td className="max-w-56 truncate text-muted max-md:hidden">
        {search.datasetName} v{search.versionNumber}
      </Td>
      <Td className="max-w-64">
        <StateChip state={search.state} note={stateNote(search)} />
      </Td>
      <Td>
        {search.curve.length > 0 ? (
          <WarmLine
            best={search.curve}
            budgetSeconds={search.budgetSeconds}
            elapsedSeconds={search.elapsedSeconds}
            direction={search.direction}
            live={live}
            label={`Best ${metric} over time, now ${score}`}
          />
        ) : null}
      </Td>
      <Td end>
        {score ? (
          <>
            <span className="text-faint">{metric}</span> {score}
          </>
        ) : null}
      </Td>
      <Td className={verdict?.tone ?? 'text-faint'}>
        {verdict?.word ?? (search.state === 'ready' ? 'not measured' : null)}
      </Td>
      <Td className="max-w-32 truncate text-muted max-md:hidden">{search.by}</Td>
      <Td end className="text-muted">
        <Time value={search.createdAt} />
      </Td>
    </Tr>
  );
}
