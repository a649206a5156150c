'use client';
/** Where one is, what is predicted, how the search stands, and what can be done about it. */
import { useState } from 'react';
import type { SearchView } from '#core/contracts/views.ts';
import { formatDuration } from '../../_lib/format.ts';
import { routes } from '../../_lib/routes.ts';
import { isOver } from '../../_lib/search-stream.ts';
import { PageHeader } from '../page-header.tsx';
import { Chip, MenuItem, MenuSeparator, StateChip } from '../ui/index.ts';
import { DeleteSearch } from './delete-search.tsx';
import { SearchActions } from './search-actions.tsx';

const counting = ['starting', 'searching', 'pausing', 'paused', 'finalising', 'verifying'];

function stateNote(view: SearchView, elapsed: number): string | null {
  if (view.state === 'queued') return 'waiting for a worker';
  if (!counting.includes(view.state)) return null;
  if (elapsed > view.budgetSeconds) return `${Math.round(elapsed)} s, budget ${view.budgetSeconds} s`;
  return view.budgetSeconds < 600
    ? `${Math.floor(elapsed)} of ${view.budgetSeconds} s`
    : `${formatDuration(Math.floor(elapsed))} of ${formatDuration(view.budgetSeconds)}`;
}

export interface SearchHeaderProps {
  readonly view: SearchView;
  readonly elapsed: number;
  readonly mayEdit: boolean;
  /** True while the page is not hearing from the server. */
  readonly away: boolean;
  readonly onChanged: () => void;
}

export function SearchHeader({ view, elapsed, mayEdit, away, onChanged }: SearchHeaderProps) {
  const [deleting, setDeleting] = useState(false);
  return (
    <>
      <PageHeader
        crumbs={[
          { label: view.projectName, href: routes.project(view.projectId) },
          {
            label: `${view.datasetName} v${view.versionNumber}`,
            href: routes.dataset(view.projectId, view.datasetId, view.versionNumber),
          },
          { label: `search ${view.number}` },
        ]}
        title={`Search ${view.number} · predict ${view.target}`}
        chips={
          <>
            <StateChip state={view.state} note={stateNote(view, elapsed)} />
            {away ? <Chip tone="warn">reconnecting; the search goes on</Chip> : null}
          </>
        }
        actions={mayEdit ? <SearchActions view={view} onChanged={onChanged} /> : undefined}
        menu={
          mayEdit ? (
            <>
              <MenuItem href={`${routes.newSearch(view.projectId, view.versionId)}&clone=${view.id}`}>
                Clone search
              </MenuItem>
              <MenuSeparator />
              <MenuItem danger disabled={!isOver(view.state)} onSelect={() => setDeleting(true)}>
                Delete…
              </MenuItem>
            </>
          ) : undefined
        }
      />
      <DeleteSearch view={view} open={deleting} onOpenChange={setDeleting} />
    </>
  );
}
