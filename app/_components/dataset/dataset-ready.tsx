'use client';
import { useQuery } from '@tanstack/react-query';
import { parseAsString, useQueryState } from 'nuqs';
import type { Profile } from '#core/contracts/dataset.ts';
import { plural } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.tsx';
import { Button } from '../ui/button.tsx';
import { Card, CardHead } from '../ui/card.tsx';
import { ColumnTable } from './column-table.tsx';
import { PreviewCard } from './preview-card.tsx';
import { SplitsCard } from './splits-card.tsx';
import { TargetSelect } from './target-select.tsx';
import type { DatasetPage } from './types.ts';
import { useTypeEdits } from './use-type-edits.ts';
import { VersionsCard } from './versions-card.tsx';
import { WarningsCard } from './warnings-card.tsx';

export interface DatasetReadyProps {
  readonly projectId: string;
  readonly page: DatasetPage;
  readonly profile: Profile;
  readonly mayEdit: boolean;
  readonly onVersion: (number: number | null) => void;
}

/** A version that is read: columns and warnings, then the rows. */
export function DatasetReady({ projectId, page, profile, mayEdit, onVersion }: DatasetReadyProps) {
  const trpc = useTRPC();
  const { version } = page;
  const edits = useTypeEdits(version.id, () => onVersion(null));
  const [asked, setAsked] = useQueryState('target', parseAsString);
  const suggestion = useQuery(
    trpc.dataset.suggest.queryOptions({ versionId: version.id }, { staleTime: Number.POSITIVE_INFINITY }),
  );
  const known = profile.columns.some((column) => column.name === asked);
  const target = known ? asked : (suggestion.data?.target ?? null);
  const links = useQuery(
    trpc.dataset.associations.queryOptions(
      { versionId: version.id, target: target ?? '' },
      { enabled: target !== null, staleTime: Number.POSITIVE_INFINITY },
    ),
  );
  return (
    <div className="flex flex-col gap-4">
      <div className="grid items-start gap-4 xl:grid-cols-[1fr_20.5rem]">
        <Card>
          <CardHead title="Columns">
            <TargetSelect columns={profile.columns} value={target} onChange={(name) => void setAsked(name)} />
          </CardHead>
          <ColumnTable
            profile={profile}
            target={target}
            links={links.data ?? null}
            linksPending={target !== null && links.isPending}
            edits={edits}
            mayEdit={mayEdit}
          />
          {edits.count > 0 ? (
            <div className="flex flex-wrap items-center gap-2 border-t border-line bg-ember-wash px-4 py-2.5">
              <p role="status" className="mr-auto text-table">
                {plural(edits.count, 'type')} changed. Saving makes version {page.versions.length + 1}; this one stays
                as it is.
              </p>
              <Button onClick={edits.clear}>Discard</Button>
              <Button tone="primary" busy={edits.saving} onClick={edits.save}>
                Save as a new version
              </Button>
            </div>
          ) : null}
        </Card>
        <div className="flex min-w-0 flex-col gap-4 max-xl:contents">
          <div className="max-xl:order-first">
            <WarningsCard profile={profile} edits={edits} mayEdit={mayEdit} />
          </div>
          <SplitsCard
            key={target}
            projectId={projectId}
            versionId={version.id}
            profile={profile}
            target={target}
            edits={edits}
            mayEdit={mayEdit}
            onVersion={onVersion}
          />
          <VersionsCard versions={page.versions} current={version} onVersion={onVersion} />
        </div>
      </div>
      <PreviewCard versionId={version.id} profile={profile} />
    </div>
  );
}
