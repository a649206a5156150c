'use client';
/** Who is in a project, what each may do, and the links that let others in. */
import { useQuery } from '@tanstack/react-query';
import { parseAsBoolean, useQueryState } from 'nuqs';
import { routes } from '../../_lib/routes.ts';
import { useTRPC } from '../../_lib/trpc.tsx';
import { useProjectChoice } from '../../_lib/use-project-choice.ts';
import { LoadFailed } from '../load-failed.tsx';
import { PageHeader } from '../page-header.tsx';
import { Button } from '../ui/button.tsx';
import { Card, CardBody, CardHead } from '../ui/card.tsx';
import { Empty } from '../ui/empty.tsx';
import { Notice } from '../ui/notice.tsx';
import { InvitationsCard } from './invitations-card.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { MembersTable } from './members-table.tsx';
import { ProjectSelect } from './project-select.tsx';
import { RolesTable } from './roles-table.tsx';

export function TeamView() {
  const trpc = useTRPC();
  const { project, list, choose, projects, missing } = useProjectChoice();
  const [inviting, setInviting] = useQueryState('invite', parseAsBoolean.withDefault(false));
  const projectId = project?.id ?? '';
  const members = useQuery(trpc.member.list.queryOptions({ projectId }, { enabled: project !== null }));
  const manages = project?.role === 'admin' || project?.role === 'owner';
  return (
    <>
      <PageHeader
        crumbs={project ? [{ label: project.name, href: routes.project(project.id) }] : []}
        title="Team"
        chips={<ProjectSelect projects={list} value={project?.id ?? null} onChange={choose} />}
        actions={
          manages ? (
            <Button tone="primary" onClick={() => void setInviting(true)}>
              Invite…
            </Button>
          ) : null
        }
      />
      {projects.isError ? (
        <LoadFailed what="The projects" error={projects.error} retry={() => void projects.refetch()} />
      ) : missing ? (
        <Notice tone="warn" title="No such project">
          It may have been deleted, or you are not a member of it.
        </Notice>
      ) : (
        <div className="grid items-start gap-4 xl:grid-cols-[1fr_22rem]">
          <div className="flex min-w-0 flex-col gap-4">
            <Card>
              <CardHead title="Members" />
              {members.isError ? (
                <LoadFailed what="The members" error={members.error} retry={() => void members.refetch()} />
              ) : (
                <MembersTable
                  projectId={projectId}
                  members={members.data ?? null}
                  manages={manages}
                  myRole={project?.role ?? 'viewer'}
                />
              )}
              {members.data?.length === 1 && manages ? (
                <Empty title="Only you so far">
                  An invitation link lets one colleague see everything in this project.
                </Empty>
              ) : null}
            </Card>
            {manages && project ? <InvitationsCard projectId={project.id} /> : null}
          </div>
          <Card>
            <CardHead title="What each role may do" />
            <CardBody>
              <RolesTable />
            </CardBody>
          </Card>
        </div>
      )}
      {project && manages ? (
        <InviteDialog open={inviting} onOpenChange={(open) => void setInviting(open ? true : null)} project={project} />
      ) : null}
    </>
  );
}
