'use client';
/** All projects: those of the workspace in view, then those that others share. */
import { useQuery } from '@tanstack/react-query';
import { parseAsString, useQueryState } from 'nuqs';
import { useState } from 'react';
import { plural } from '../../_lib/format.ts';
import { type RouterOutputs, useTRPC } from '../../_lib/trpc.tsx';
import { LoadFailed } from '../load-failed.tsx';
import { PageHeader } from '../page-header.tsx';
import { useShell } from '../shell/shell-context.tsx';
import { Button } from '../ui/button.tsx';
import { Card, CardHead } from '../ui/card.tsx';
import { Chip } from '../ui/chip.tsx';
import { Empty } from '../ui/empty.tsx';
import { Input } from '../ui/field.tsx';
import { NewProject } from './new-project.tsx';
import { ProjectsTable } from './projects-table.tsx';

export type ProjectRow = RouterOutputs['project']['list'][number];

export function ProjectsView() {
  const trpc = useTRPC();
  const { workspace, workspaces } = useShell();
  const [creating, setCreating] = useState(false);
  const [filter, setFilter] = useQueryState(
    'find',
    parseAsString.withDefault('').withOptions({ clearOnDefault: true }),
  );
  const projects = useQuery(trpc.project.list.queryOptions({}));
  const wanted = filter.trim().toLowerCase();
  const shown = (projects.data ?? []).filter((one) => one.name.toLowerCase().includes(wanted));
  const known = new Set(workspaces.map((one) => one.id));
  const mine = shown.filter((one) => one.workspaceId === workspace?.id);
  const shared = shown.filter((one) => !known.has(one.workspaceId));
  const mayCreate = workspace !== null && workspace.role !== 'viewer';
  const many = (projects.data?.length ?? 0) > 8;
  return (
    <>
      <PageHeader
        crumbs={workspace ? [{ label: workspace.name }] : []}
        title="Projects"
        chips={projects.data ? <Chip>{plural(projects.data.length, 'project')}</Chip> : null}
        actions={
          mayCreate ? (
            <Button tone="primary" onClick={() => setCreating(true)}>
              New project
            </Button>
          ) : null
        }
      />
      {many ? (
        <Input
          data-page-filter
          type="search"
          aria-label="Filter projects by name"
          placeholder="Filter by name"
          value={filter}
          onChange={(event) => void setFilter(event.target.value)}
          className="mb-4 max-w-field"
        />
      ) : null}
      <div className="flex flex-col gap-4">
        <Card>
          {shared.length > 0 ? <CardHead title={workspace?.name ?? 'Workspace'} /> : null}
          {projects.isError ? (
            <LoadFailed what="The projects" error={projects.error} retry={() => void projects.refetch()} />
          ) : projects.data && mine.length === 0 ? (
            <Empty
              title={wanted ? 'No project has that name' : 'No projects here yet'}
              action={mayCreate && !wanted ? <Button onClick={() => setCreating(true)}>New project</Button> : null}
            >
              {wanted
                ? null
                : 'A project holds tables, the searches on them, the models they end in, and the people who see them.'}
            </Empty>
          ) : (
            <ProjectsTable label="Projects of this workspace" rows={projects.data ? mine : null} />
          )}
        </Card>
        {shared.length > 0 ? (
          <Card>
            <CardHead title="Shared with you" />
            <ProjectsTable label="Projects shared with you" rows={shared} />
          </Card>
        ) : null}
      </div>
      <NewProject open={creating} onOpenChange={setCreating} workspaceId={workspace?.id ?? null} />
    </>
  );
}
