'use client';
/** One task of the bank: what its data looked like and which designs worked. */
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { trialOrigins } from '#core/contracts/task.ts';
import { isBetter } from '../../_lib/best-curve.ts';
import { formatDuration, formatScore, metricLabel, metricWithDirection, plural } from '../../_lib/format.ts';
import { routes } from '../../_lib/routes.ts';
import { type RouterOutputs, useTRPC } from '../../_lib/trpc.tsx';
import { Facts } from '../facts.tsx';
import { Gone } from '../gone.tsx';
import { OriginMark } from '../origin-mark.tsx';
import { PageHeader } from '../page-header.tsx';
import {
  Card,
  CardBody,
  CardHead,
  Chip,
  Empty,
  Figure,
  Skeleton,
  Time,
  type VirtualColumn,
  VirtualTable,
} from '../ui/index.ts';
import { designWords } from './design-words.ts';
import { featureWords } from './feature-words.ts';
import { scopeWords } from './scope-words.ts';

/** Most alike tasks in the list. */
const shownSimilar = 5;

type Task = RouterOutputs['bank']['task'];
type BankTrial = Task['trials'][number];

const sortKeys = ['learner', 'origin', 'score', 'seconds'] as const;
const parsers = {
  sort: parseAsStringLiteral(sortKeys).withDefault('score'),
  order: parseAsStringLiteral(['desc', 'asc']).withDefault('desc'),
};

function sorted(task: Task, key: (typeof sortKeys)[number], descending: boolean): BankTrial[] {
  const sign = descending ? -1 : 1;
  return [...task.trials].sort((a, b) => {
    if (key === 'score') {
      return a.score === b.score ? 0 : sign * (isBetter(task.direction, a.score, b.score) ? 1 : -1);
    }
    return key === 'seconds' ? sign * (a.seconds - b.seconds) : sign * a[key].localeCompare(b[key], 'en');
  });
}

function columnsOf(metric: string): readonly VirtualColumn<BankTrial>[] {
  return [
    { key: 'learner', header: 'Learner', width: '7rem', sortable: true, cell: (trial) => trial.learner },
    {
      key: 'design',
      header: 'Design',
      className: 'text-muted',
      cell: (trial) => <span title={designWords(trial.design)}>{designWords(trial.design)}</span>,
    },
    {
      key: 'origin',
      header: 'Came from',
      width: '8rem',
      sortable: true,
      className: 'text-muted',
      cell: (trial) => {
        const origin = trialOrigins.find((one) => one === trial.origin);
        return origin ? <OriginMark origin={origin} word /> : trial.origin;
      },
    },
    {
      key: 'score',
      header: metricLabel(metric),
      width: '7rem',
      end: true,
      sortable: true,
      cell: (trial) => formatScore(trial.score),
    },
    {
      key: 'seconds',
      header: 'Took',
      width: '5.5rem',
      end: true,
      sortable: true,
      cell: (trial) => formatDuration(trial.seconds),
    },
  ];
}

export function BankTaskPage({ taskId }: { readonly taskId: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.bank.task.queryOptions({ id: taskId }));
  const [{ sort, order }, ask] = useQueryStates(parsers, { clearOnDefault: true });
  const task = query.data;
  const rows = useMemo(() => (task ? sorted(task, sort, order === 'desc') : []), [task, sort, order]);
  const columns = useMemo(() => columnsOf(task?.metric ?? ''), [task?.metric]);
  if (query.isError && !task) return <Gone what="task" error={query.error} retry={() => void query.refetch()} />;
  const best = task ? sorted(task, 'score', true)[0] : undefined;
  return (
    <>
      <PageHeader
        crumbs={[{ label: 'Bank', href: routes.bank() }]}
        title={task?.name ?? null}
        chips={
          task ? (
            <>
              <Chip>{task.kind}</Chip>
              <Chip>{scopeWords[task.scope]}</Chip>
            </>
          ) : undefined
        }
      />
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-[minmax(0,1fr)_20.75rem]">
        <Card className="self-start">
          <CardHead title={task ? plural(task.trials.length, 'trial') : 'Trials'} />
          <div className="mt-2">
            {task ? (
              <VirtualTable
                label="Trials of this task"
                rows={rows}
                columns={columns}
                rowKey={(trial) => trial.id}
                minWidth="42rem"
                sorting={{ key: sort, descending: order === 'desc' }}
                onSort={({ key, descending }) =>
                  void ask({ sort: sortKeys.find((one) => one === key) ?? null, order: descending ? 'desc' : 'asc' })
                }
                rowClass={(trial) => (trial.id === best?.id ? 'bg-ember-wash' : null)}
                empty={<Empty title="No trials are kept for this task" />}
              />
            ) : (
              <Skeleton className="m-4 h-64" />
            )}
          </div>
        </Card>
        <div className="flex flex-col gap-4">
          <Card className="p-4">
            <Figure
              hero
              label={task ? `Best ${metricWithDirection(task.metric)}` : 'Best'}
              value={best ? formatScore(best.score) : '–'}
              note={best ? `${best.learner}, in ${formatDuration(best.seconds)}` : undefined}
            />
          </Card>
          {task && task.portfolio.length > 0 ? (
            <Card label="What the others suggest">
              <CardHead title="What the others suggest for it" />
              <CardBody>
                <ol className="flex flex-col gap-2.5 text-table">
                  {task.portfolio.map(({ design, reason }) => (
                    <li key={designWords(design)}>
                      <span className="font-medium">{String(design.learner)}</span>{' '}
                      <span className="text-muted">{designWords(design)}</span>
                      <span className="block text-label text-faint">{reason}</span>
                    </li>
                  ))}
                </ol>
              </CardBody>
            </Card>
          ) : null}
          {task && task.similar.length > 0 ? (
            <Card label="Tasks like this">
              <CardHead title="Tasks like this" />
              <CardBody>
                <ul className="flex flex-col gap-2 text-table">
                  {task.similar.slice(0, shownSimilar).map((other) => (
                    <li key={other.id} className="flex justify-between gap-3">
                      <span className="min-w-0 truncate" title={`${other.name}: ${other.reason}`}>
                        <Link href={routes.bankTask(other.id)}>{other.name}</Link>{' '}
                        <span className="text-faint">{other.reason}</span>
                      </span>
                      <span className="text-muted">{other.weight.toFixed(2)}</span>
                    </li>
                  ))}
                </ul>
              </CardBody>
            </Card>
          ) : null}
          {task && task.leaning.length > 0 ? (
            <Card label="Searches that lean on it">
              <CardHead title="Searches that lean on it" />
              <CardBody>
                <ul className="flex flex-col gap-2 text-table">
                  {task.leaning.map((search) => (
                    <li key={search.id} className="flex justify-between gap-3">
                      <Link href={routes.search(search.projectId, search.id)} className="min-w-0 truncate">
                        {search.projectName}, search {search.number}
                      </Link>
                      <span className="text-muted">
                        <Time value={search.createdAt} />
                      </span>
                    </li>
                  ))}
                </ul>
              </CardBody>
            </Card>
          ) : null}
          <Card>
            <CardHead title="What its data looked like" />
            <CardBody>
              {task ? (
                <Facts facts={Object.entries(task.metaFeatures).map(([name, value]) => featureWords(name, value))} />
              ) : (
                <Skeleton className="w-full" />
              )}
            </CardBody>
          </Card>
        </div>
      </div>
    </>
  );
}
