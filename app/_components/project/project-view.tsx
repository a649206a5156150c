'use client';
/** A project at a glance: a place to drop a table, then searches, models and data. */
import { useQuery } from '@tanstack/react-query';
import { plural } from '../../_lib/format.ts';
import { routes } from '../../_lib/routes.ts';
import { errorCode, useTRPC } from '../../_lib/trpc.tsx';
import { Gone } from '../gone.tsx';
import { PageHeader } from '../page-header.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { DataCard } from './data-card.tsx';
import { DropZone } from './drop-zone.tsx';
import { ModelsCard } from './models-card.tsx';
import { useProjectMenu } from './project-menu.tsx';
import { SearchesCard } from './searches-card.tsx';

export function ProjectView({ projectId }: { readonly projectId: string }) {
  const trpc = useTRPC();
  const project = useQuery(trpc.project.get.queryOptions({ id: projectId }));
  const members = useQuery(trpc.member.list.queryOptions({ projectId }));
  const datasets = useQuery(trpc.dataset.list.queryOptions({ projectId }, { refetchInterval: refetchWhileReading }));
  const { menu, dialogs } = useProjectMenu(project.data);
  if (project.isError && (errorCode(project.error) !== null || !project.data)) {
    return <Gone what="project" error={project.error} retry={() => void project.refetch()} />;
  }
  const role = project.data?.role;
  const mayEdit = role !== undefined && role !== 'viewer';
  const mayManage = role === 'admin' || role === 'owner';
  const empty = datasets.data?.length === 0;
  return (
    <>
      <PageHeader
        crumbs={[{ label: project.data?.workspaceName ?? 'Projects', href: routes.projects() }]}
        title={project.data?.name ?? null}
        chips={
          <>
            {members.data ? <Chip>{plural(members.data.length, 'member')}</Chip> : null}
            {role === 'viewer' ? <Chip>you may view</Chip> : null}
          </>
        }
        actions={mayManage ? <ButtonLink href={`${routes.team(projectId)}&invite=true`}>Invite…</ButtonLink> : null}
        menu={menu}
      />
      <div className="flex flex-col gap-4">
        {mayEdit ? <DropZone projectId={projectId} roomy={empty} /> : null}
        <SearchesCard
          projectId={projectId}
          firstVersionId={datasets.data?.find((one) => one.latest?.state === 'ready')?.latest?.versionId ?? null}
          mayEdit={mayEdit}
        />
        <div className="grid gap-4 lg:grid-cols-2">
          <ModelsCard projectId={projectId} />
          <DataCard projectId={projectId} datasets={datasets} />
        </div>
      </div>
      {dialogs}
    </>
  );
}

/** Data sets that are still being read are asked for again soon. */
function refetchWhileReading(query: {
  state: { data?: readonly { latest: { state: string } | null }[] };
}): number | false {
  const reading = query.state.data?.some((one) => one.latest?.state === 'queued' || one.latest?.state === 'reading');
  return reading ? 1000 : false;
}
