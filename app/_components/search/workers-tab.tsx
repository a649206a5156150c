'use client';
/** Who is working on this search right now, on what, since when. */
import type { SearchView, TrialView } from '#core/contracts/views.ts';
import { Empty, LiveDot, Table, Td, Th, Time } from '../ui/index.ts';

export interface WorkersTabProps {
  readonly view: Pick<SearchView, 'workers' | 'state'>;
  readonly trials: ReadonlyMap<number, TrialView>;
}

const idle: Partial<Record<SearchView['state'], string>> = {
  queued: 'A worker picks the search up as soon as one is free.',
  starting: 'One worker reads and prepares the data; trials follow.',
  paused: 'The search is paused. Workers come back on resume.',
  finalising: 'The search is over; the model is being built.',
  verifying: 'The search is over; the model is being checked.',
};

export function WorkersTab({ view, trials }: WorkersTabProps) {
  if (view.workers.length === 0) {
    return <Empty title="No worker is busy with a trial">{idle[view.state] ?? 'The search has ended.'}</Empty>;
  }
  return (
    <Table
      label="Workers"
      head={
        <>
          <Th>Worker</Th>
          <Th>Trial</Th>
          <Th>Design</Th>
          <Th end>Since</Th>
        </>
      }
    >
      {view.workers.map((worker) => (
        <tr key={`${worker.id} ${worker.trialNumber}`}>
          <Td>
            <span className="inline-flex items-center gap-2 font-mono text-label">
              <LiveDot /> {worker.id}
            </span>
          </Td>
          <Td className="text-muted">{worker.trialNumber}</Td>
          <Td>{trials.get(worker.trialNumber)?.summary ?? ''}</Td>
          <Td end className="text-muted">
            <Time value={worker.since} />
          </Td>
        </tr>
      ))}
    </Table>
  );
}
