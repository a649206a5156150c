import { formatBytes } from '../../_lib/format.ts';
import { Card, CardHead } from '../ui/card.tsx';
import { Notice } from '../ui/notice.tsx';
import { Skeleton, SkeletonRows } from '../ui/skeleton.tsx';
import { Table, Th } from '../ui/table.tsx';
import type { DatasetVersion } from './types.ts';

/** The page's final layout while the file is read or the page loads. */
export function DatasetReading({ version }: { readonly version: DatasetVersion | null }) {
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[1fr_20.5rem]">
      <div className="flex min-w-0 flex-col gap-4">
        {version ? (
          <Notice title={version.state === 'queued' ? 'Waiting for a worker' : `Reading ${version.sourceName}`}>
            {formatBytes(version.sourceBytes)}. Types, missing values and spread of every column follow; you may leave
            this page.
          </Notice>
        ) : null}
        <Card>
          <CardHead title="Columns" />
          <Table
            label="Columns, loading"
            className="mt-2"
            head={
              <>
                <Th>Column</Th>
                <Th>Type</Th>
                <Th>Spread</Th>
                <Th end>Missing</Th>
                <Th end>Distinct</Th>
                <Th>Most common</Th>
                <Th>Link with target</Th>
              </>
            }
          >
            <SkeletonRows rows={12} columns={7} />
          </Table>
        </Card>
      </div>
      <Card>
        <CardHead title="To look at" />
        <div className="flex flex-col gap-3 px-4 py-4">
          <Skeleton className="w-2/3" />
          <Skeleton className="w-full" />
          <Skeleton className="w-5/6" />
        </div>
      </Card>
    </div>
  );
}
