'use client';
/** All models of a project on a page of their own. */
import { useQuery } from '@tanstack/react-query';
import { routes } from '../../_lib/routes.ts';
import { useTRPC } from '../../_lib/trpc.tsx';
import { Gone } from '../gone.tsx';
import { PageHeader } from '../page-header.tsx';
import { ModelsCard } from '../project/models-card.tsx';

export function ModelList({ projectId }: { readonly projectId: string }) {
  const trpc = useTRPC();
  const project = useQuery(trpc.project.get.queryOptions({ id: projectId }));
  if (project.isError && !project.data) {
    return <Gone what="project" error={project.error} retry={() => void project.refetch()} />;
  }
  return (
    <>
      <PageHeader
        crumbs={[{ label: project.data?.name ?? 'Project', href: routes.project(projectId) }, { label: 'models' }]}
        title="Models"
      />
      <ModelsCard projectId={projectId} />
    </>
  );
}
