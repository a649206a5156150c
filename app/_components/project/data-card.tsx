'use client';
import Link from 'next/link';
import { formatCount } from '../../_lib/format.ts';
import { routes } from '../../_lib/routes.ts';
import type { RouterOutputs } from '../../_lib/trpc.tsx';
import { LoadFailed } from '../load-failed.tsx';
import { Card, CardHead } from '../ui/card.tsx';
import { StateChip } from '../ui/chip.tsx';
import { Empty } from '../ui/empty.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { Table, Td, Th, Tr } from '../ui/table.tsx';

export interface DataCardProps {
  readonly projectId: string;
  readonly datasets: {
    readonly data: RouterOutputs['dataset']['list'] | undefined;
    readonly isError: boolean;
    readonly error: unknown;
    readonly refetch: () => Promise<unknown>;
  };
}

/** The data sets of a project and what to look at in them. */
export function DataCard({ projectId, datasets }: DataCardProps) {
  return (
    <Card>
      <CardHead title="Data" />
      {datasets.isError && !datasets.data ? (
        <LoadFailed what="The data sets" error={datasets.error} retry={() => void datasets.refetch()} />
      ) : (
        <Table
          label="Data sets"
          className="mt-2"
          head={
            <>
              <Th>Data set</Th>
              <Th end>Rows</Th>
              <Th end>Columns</Th>
              <Th end>Version</Th>
              <Th>To look at</Th>
            </>
          }
        >
          {datasets.data ? (
            datasets.data.map(({ id, name, latest }) => (
              <Tr key={id} covered>
                <Td className="h-10 max-w-72">
                  <Link
                    href={routes.dataset(projectId, id)}
                    className="cover-link block truncate font-medium no-underline"
                  >
                    {name}
                  </Link>
                </Td>
                <Td end>{latest?.rows == null ? '' : formatCount(latest.rows)}</Td>
                <Td end>{latest?.columns == null ? '' : formatCount(latest.columns)}</Td>
                <Td end>{latest ? latest.number : ''}</Td>
                <Td>
                  {latest && latest.state !== 'ready' ? (
                    <StateChip state={latest.state} />
                  ) : latest?.warnings ? (
                    <span className="text-warn">{formatCount(latest.warnings)}</span>
                  ) : (
                    <span className="text-muted">nothing</span>
                  )}
                </Td>
              </Tr>
            ))
          ) : (
            <SkeletonRows rows={2} columns={5} />
          )}
        </Table>
      )}
      {datasets.data?.length === 0 ? (
        <Empty title="No data yet">
          A table you drop above is read, typed and checked here. Its versions never change.
        </Empty>
      ) : null}
    </Card>
  );
}
