'use client';
/** The searches of a project: state, the warm-start line, the best score with its interval, the verdict. */
import { useQuery } from '@tanstack/react-query';
import { liveStates, type SearchState } from '#core/contracts/task.ts';
import { routes } from '../../_lib/routes.ts';
import { useTRPC } from '../../_lib/trpc.tsx';
import { WarmLine } from '../chart/warm-line.tsx';
import { LoadFailed } from '../load-failed.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { Card, CardHead } from '../ui/card.tsx';
import { Empty } from '../ui/empty.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { Table, Th } from '../ui/table.tsx';
import { SearchLine } from './search-line.tsx';

export interface SearchesCardProps {
  readonly projectId: string;
  /** A data set version a first search could start from. */
  readonly firstVersionId: string | null;
  readonly mayEdit: boolean;
}

const isLive = (state: SearchState) => liveStates.includes(state);
/** The shape of a cold start in an empty table's picture: no score, only the form. */
const coldShape = Array.from({ length: 25 }, (_, index) => {
  const seconds = index * 10;
  const value = 1 - Math.exp(-seconds / 70);
  const spread = 0.22 * Math.exp(-seconds / 160) + 0.04;
  return { seconds, value, low: value - spread, high: value + spread };
});

export function SearchesCard({ projectId, firstVersionId, mayEdit }: SearchesCardProps) {
  const trpc = useTRPC();
  const searches = useQuery(
    trpc.search.list.queryOptions(
      { projectId },
      {
        refetchInterval: (query) =>
          query.state.data?.some((one) => isLive(one.state) && one.state !== 'paused') ? 2000 : false,
      },
    ),
  );
  const start =
    mayEdit && firstVersionId ? (
      <ButtonLink href={routes.newSearch(projectId, firstVersionId)} size="small">
        New search
      </ButtonLink>
    ) : null;
  return (
    <Card>
      <CardHead title="Searches">{searches.data && searches.data.length > 0 ? start : null}</CardHead>
      {searches.isError && !searches.data ? (
        <LoadFailed what="The searches" error={searches.error} retry={() => void searches.refetch()} />
      ) : (
        <Table
          label="Searches"
          className="mt-2"
          head={
            <>
              <Th>Search</Th>
              <Th className="max-md:hidden">Data</Th>
              <Th>State</Th>
              <Th>Best over time</Th>
              <Th end>Validation score</Th>
              <Th>Against random</Th>
              <Th className="max-md:hidden">By</Th>
              <Th end>When</Th>
            </>
          }
        >
          {searches.data ? (
            searches.data.map((search) => <SearchLine key={search.id} projectId={projectId} search={search} />)
          ) : (
            <SkeletonRows rows={3} columns={8} />
          )}
        </Table>
      )}
      {searches.data?.length === 0 ? (
        <Empty
          title="No searches yet"
          picture={
            <WarmLine
              best={[]}
              cold={coldShape}
              budgetSeconds={240}
              direction="maximize"
              label="Where the best score over time will be drawn"
              className="h-10 w-55"
            />
          }
          action={start}
        >
          {firstVersionId
            ? 'A search tries designs within the time you give it and ends with one verified ONNX file.'
            : 'Add a table first; a search starts from it.'}
        </Empty>
      ) : null}
    </Card>
  );
}
