'use client';
/** Who did what in a project, newest first; refused attempts stand out. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { routes } from '../../_lib/routes.ts';
import { errorCode, useTRPC } from '../../_lib/trpc.tsx';
import { useProjectChoice } from '../../_lib/use-project-choice.ts';
import { LoadFailed } from '../load-failed.tsx';
import { PageHeader } from '../page-header.tsx';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { Chip } from '../ui/chip.tsx';
import { Empty } from '../ui/empty.tsx';
import { Notice } from '../ui/notice.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { Table, Td, Th, Tr } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';
import { activityDetail, activityWay, activityWords } from './activity-words.ts';
import { ProjectSelect } from './project-select.tsx';

export function ActivityView() {
  const trpc = useTRPC();
  const { project, list, choose, missing } = useProjectChoice();
  const log = useInfiniteQuery(
    trpc.audit.list.infiniteQueryOptions(
      { projectId: project?.id ?? '' },
      { enabled: project !== null, getNextPageParam: (page) => page.nextCursor },
    ),
  );
  const rows = log.data?.pages.flatMap((page) => page.rows);
  const forbidden = log.isError && errorCode(log.error) === 'FORBIDDEN';
  return (
    <>
      <PageHeader
        crumbs={project ? [{ label: project.name, href: routes.project(project.id) }] : []}
        title="Activity"
        chips={<ProjectSelect projects={list} value={project?.id ?? null} onChange={choose} />}
      />
      {missing || forbidden ? (
        <Notice tone="warn" title={missing ? 'No such project' : 'Only admins read the activity of a project'}>
          {missing
            ? 'It may have been deleted, or you are not a member of it.'
            : `You are ${project?.role ?? 'a member'} in ${project?.name ?? 'this project'}. An admin can raise your role.`}
        </Notice>
      ) : (
        <Card>
          {log.isError ? (
            <LoadFailed what="The activity" error={log.error} retry={() => void log.refetch()} />
          ) : (
            <Table
              label="Activity"
              head={
                <>
                  <Th>When</Th>
                  <Th>Who</Th>
                  <Th>What</Th>
                  <Th>Details</Th>
                  <Th>Through</Th>
                </>
              }
            >
              {rows ? (
                rows.map((entry) => (
                  <Tr key={entry.id}>
                    <Td className="w-32 text-muted">
                      <Time value={entry.at} />
                    </Td>
                    <Td className="max-w-48 truncate font-medium">{entry.who ?? 'Warmstart'}</Td>
                    <Td>
                      {activityWords(entry.action)} {entry.denied ? <Chip tone="bad">refused</Chip> : null}
                    </Td>
                    <Td className="max-w-96 truncate text-muted">{activityDetail(entry.detail)}</Td>
                    <Td className="text-muted">{activityWay(entry.via)}</Td>
                  </Tr>
                ))
              ) : (
                <SkeletonRows rows={8} columns={5} />
              )}
            </Table>
          )}
          {rows?.length === 0 ? <Empty title="Nothing yet">Every change to the project is written here.</Empty> : null}
          {log.hasNextPage ? (
            <div className="border-t border-line p-3">
              <Button size="small" busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
                Show older
              </Button>
            </div>
          ) : null}
        </Card>
      )}
    </>
  );
}
