/** The live page's layout before its first answer. */
import { PageHeader } from '../page-header.tsx';
import { Card, Skeleton, SkeletonRows, Table, Th } from '../ui/index.ts';

export function LiveSkeleton() {
  return (
    <>
      <PageHeader title={null} />
      <div aria-busy="true" className="grid grid-cols-1 gap-4 lg:grid-cols-[minmax(0,1fr)_20.75rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Card className="flex h-24 flex-col justify-center gap-3 p-4">
            <Skeleton className="w-40" />
            <Skeleton className="h-7 w-32" />
          </Card>
          <Card className="h-88 p-4">
            <Skeleton className="h-full w-full" />
          </Card>
          <Card>
            <Table
              label="Trials"
              head={['#', 'Design', 'Came from', 'Score', 'Size', 'Took'].map((name) => <Th key={name}>{name}</Th>)}
            >
              <SkeletonRows rows={6} columns={6} />
            </Table>
          </Card>
        </div>
        <Card className="flex h-72 flex-col gap-3 p-4">
          <Skeleton className="w-40" />
          <Skeleton className="w-full" />
          <Skeleton className="w-4/5" />
        </Card>
      </div>
    </>
  );
}
