'use client';
/** Designs of all tasks by a question in plain words; says how it was understood and which words it does not know. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { parseAsString, useQueryState } from 'nuqs';
import { formatDuration, formatScore, metricLabel, plural } from '../../_lib/format.ts';
import { routes } from '../../_lib/routes.ts';
import { useTRPC } from '../../_lib/trpc.tsx';
import { useSettled } from '../../_lib/use-settled.ts';
import { LoadFailed } from '../load-failed.tsx';
import { Card, CardHead, Empty, Input, SkeletonRows, Table, Td, Th, Tr } from '../ui/index.ts';
import { designWords } from './design-words.ts';

const shownDesigns = 12;
/** An answer reads the whole bank: it waits for the end of the words. */
const restMs = 250;

export function FindDesigns() {
  const trpc = useTRPC();
  const [text, setText] = useQueryState('find', parseAsString.withDefault(''));
  const asked = useSettled(text.trim(), restMs);
  const found = useQuery(
    trpc.bank.find.queryOptions(
      { text: asked.slice(0, 300) },
      { enabled: asked !== '', placeholderData: keepPreviousData, staleTime: 60_000 },
    ),
  );
  const answer = asked === '' ? undefined : found.data;
  return (
    <Card label="Find designs" className="mb-4">
      <CardHead title="What worked" />
      <div className="px-4 pt-2 pb-3">
        <Input
          type="search"
          aria-label="Find designs in plain words"
          placeholder="oblivious trees deeper than 5, under 2 s, on small tables"
          maxLength={300}
          value={text}
          onChange={(event) => void setText(event.target.value || null)}
        />
        <p aria-live="polite" className="mt-2 text-label text-muted">
          {answer ? (
            <>
              {plural(answer.count, 'design')}
              {answer.understood.length > 0 ? `: ${answer.understood.join(', ')}` : ', all of them'}
              {answer.unknown.length > 0 ? (
                <span className="text-warn"> · not understood: {answer.unknown.join(', ')}</span>
              ) : null}
            </>
          ) : (
            'Learners, their options, and “under”, “over” or “at least” a number of leaves, layers, seconds, rows, columns.'
          )}
        </p>
      </div>
      {asked === '' ? null : found.isError && !found.data ? (
        <LoadFailed what="The answer" error={found.error} retry={() => void found.refetch()} />
      ) : (
        <Table
          label="Designs found"
          head={
            <>
              <Th>Learner</Th>
              <Th>Design</Th>
              <Th>On</Th>
              <Th end>Score</Th>
              <Th end>Took</Th>
            </>
          }
        >
          {answer ? (
            answer.designs.slice(0, shownDesigns).map((one) => (
              <Tr key={one.id}>
                <Td>{one.learner}</Td>
                <Td className="max-w-96 truncate text-muted">
                  <span title={designWords(one.design)}>{designWords(one.design)}</span>
                </Td>
                <Td className="max-w-48 truncate">
                  <Link href={routes.bankTask(one.taskId)}>{one.taskName}</Link>
                </Td>
                <Td end>
                  <span className="text-faint">{metricLabel(one.metric)}</span> {formatScore(one.score)}
                </Td>
                <Td end className="text-muted">
                  {formatDuration(one.seconds)}
                </Td>
              </Tr>
            ))
          ) : (
            <SkeletonRows rows={4} columns={5} />
          )}
        </Table>
      )}
      {answer && answer.count === 0 ? <Empty title="No design fits all of this" /> : null}
    </Card>
  );
}
