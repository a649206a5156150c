'use client';
/** What earlier searches left for later ones: tasks with their trials. */
import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import Link from 'next/link';
import { parseAsString, useQueryState } from 'nuqs';
import { useMemo } from 'react';
import { formatCount, formatScore, metricLabel } from '../../_lib/format.ts';
import { routes } from '../../_lib/routes.ts';
import { useTRPC } from '../../_lib/trpc.tsx';
import { LoadFailed } from '../load-failed.tsx';
import { PageHeader } from '../page-header.tsx';
import { useShell } from '../shell/shell-context.tsx';
import { ButtonLink, Card, Empty, Input, SkeletonRows, Table, Td, Th, Time, Tr } from '../ui/index.ts';
import { useBankMenu } from './bank-menu.tsx';
import { FindDesigns } from './find-designs.tsx';
import { scopeWords } from './scope-words.ts';
import { TaskMap } from './task-map.tsx';

/** With fewer tasks a plane says nothing that the list does not. */
const leastOnMap = 3;

export function BankPage() {
  const trpc = useTRPC();
  const { workspace } = useShell();
  const { menu, picker } = useBankMenu(workspace?.id ?? '');
  const tasks = useQuery(trpc.bank.tasks.queryOptions());
  const [text, setText] = useQueryState('q', parseAsString.withDefault(''));
  const shown = useMemo(() => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    return (tasks.data ?? []).filter((task) => {
      const about = `${task.name} ${task.kind} ${metricLabel(task.metric)} ${scopeWords[task.scope]}`.toLowerCase();
      return words.every((word) => about.includes(word));
    });
  }, [tasks.data, text]);
  return (
    <>
      <PageHeader title="Bank" menu={workspace ? menu : null} />
      {picker}
      <p className="-mt-2 mb-4 max-w-prose text-table text-muted">
        Every finished trial is kept here with what its data looked like. A new search starts from what worked on tasks
        like its own.
      </p>
      {tasks.data && tasks.data.length > 0 ? <FindDesigns /> : null}
      {shown.length >= leastOnMap ? (
        <Card label="Map" className="mb-4 p-4">
          <TaskMap tasks={shown} />
        </Card>
      ) : null}
      <Card>
        <div className="flex items-center gap-3 border-b border-line px-4 py-2">
          <div className="relative w-full max-w-64">
            <Search aria-hidden className="pointer-events-none absolute top-2.25 left-2.5 size-3.5 text-faint" />
            <Input
              type="search"
              data-page-filter
              aria-label="Filter tasks"
              placeholder="Filter tasks"
              value={text}
              onChange={(event) => void setText(event.target.value || null)}
              className="pl-8"
            />
          </div>
          {text && tasks.data ? (
            <span aria-live="polite" className="text-label text-muted">
              {shown.length} of {tasks.data.length}
            </span>
          ) : null}
        </div>
        {tasks.isError && !tasks.data ? (
          <LoadFailed what="The bank" error={tasks.error} retry={() => void tasks.refetch()} />
        ) : (
          <Table
            label="Tasks"
            head={
              <>
                <Th>Task</Th>
                <Th>Kind</Th>
                <Th>From</Th>
                <Th end>Trials</Th>
                <Th end>Best</Th>
                <Th end>Since</Th>
              </>
            }
          >
            {tasks.data ? (
              shown.map((task) => (
                <Tr key={task.id} covered>
                  <Td className="max-w-80">
                    <Link
                      href={routes.bankTask(task.id)}
                      className="cover-link block truncate font-medium no-underline"
                    >
                      {task.name}
                    </Link>
                  </Td>
                  <Td className="text-muted">{task.kind}</Td>
                  <Td className="text-muted">{scopeWords[task.scope]}</Td>
                  <Td end>{formatCount(task.trials)}</Td>
                  <Td end>
                    <span className="text-faint">{metricLabel(task.metric)}</span>{' '}
                    {task.best === null ? '–' : formatScore(task.best)}
                  </Td>
                  <Td end className="text-muted">
                    <Time value={task.createdAt} />
                  </Td>
                </Tr>
              ))
            ) : (
              <SkeletonRows rows={6} columns={6} />
            )}
          </Table>
        )}
        {tasks.data?.length === 0 ? (
          <Empty title="The bank is empty" action={<ButtonLink href={routes.projects()}>Go to projects</ButtonLink>}>
            The first finished search writes its trials here; the second one already starts from them.
          </Empty>
        ) : null}
        {tasks.data && tasks.data.length > 0 && shown.length === 0 ? <Empty title="No task fits this filter" /> : null}
      </Card>
    </>
  );
}
