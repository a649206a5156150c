'use client';
/** One data set: what each column is and holds, what to look at, the rows themselves, and the way into a search. */
import { useQuery } from '@tanstack/react-query';
import { parseAsInteger, useQueryState } from 'nuqs';
import { formatBytes, plural } from '../../_lib/format.ts';
import { routes } from '../../_lib/routes.ts';
import { useTRPC } from '../../_lib/trpc.tsx';
import { Gone } from '../gone.tsx';
import { PageHeader } from '../page-header.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { Chip, StateChip } from '../ui/chip.tsx';
import { AddTestFile } from './add-test-file.tsx';
import { DatasetBody } from './dataset-body.tsx';
import { useDatasetMenu } from './dataset-menu.tsx';
import { VersionSelect } from './version-select.tsx';

export function DatasetView({ projectId, datasetId }: { readonly projectId: string; readonly datasetId: string }) {
  const trpc = useTRPC();
  const [asked, setAsked] = useQueryState('version', parseAsInteger);
  const project = useQuery(trpc.project.get.queryOptions({ id: projectId }));
  const page = useQuery(
    trpc.dataset.get.queryOptions(
      { id: datasetId, version: asked ?? undefined },
      {
        refetchInterval: (query) => {
          const state = query.state.data?.version.state;
          return state === 'queued' || state === 'reading' ? 700 : false;
        },
        placeholderData: (before) => before,
      },
    ),
  );
  const mayEdit = project.data !== undefined && project.data.role !== 'viewer';
  const { menu, dialogs } = useDatasetMenu({ projectId, page: page.data, mayEdit });
  if (page.isError && !page.data) {
    return <Gone what="data set" error={page.error} retry={() => void page.refetch()} />;
  }
  const version = page.data?.version;
  const profile = version?.profile;
  const ready = version?.state === 'ready';
  return (
    <>
      <PageHeader
        crumbs={[{ label: project.data?.name ?? 'Project', href: routes.project(projectId) }]}
        title={page.data?.dataset.name ?? null}
        chips={
          version && page.data ? (
            <>
              <VersionSelect
                versions={page.data.versions}
                current={version.number}
                onChange={(number) => void setAsked(number)}
              />
              {profile ? (
                <Chip>
                  {plural(profile.rows, 'row')} · {plural(profile.columns.length, 'column')} ·{' '}
                  {formatBytes(version.sourceBytes)}
                </Chip>
              ) : (
                <StateChip state={version.state} />
              )}
            </>
          ) : null
        }
        actions={
          mayEdit && ready ? (
            <>
              <AddTestFile projectId={projectId} versionId={version.id} />
              <ButtonLink href={routes.newSearch(projectId, version.id)} tone="primary">
                Start a search
              </ButtonLink>
            </>
          ) : null
        }
        menu={menu}
      />
      <DatasetBody
        projectId={projectId}
        datasetId={datasetId}
        page={page.data ?? null}
        mayEdit={mayEdit}
        onVersion={(number) => void setAsked(number)}
      />
      {dialogs}
    </>
  );
}
