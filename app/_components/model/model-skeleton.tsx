/** The model page's layout before its first answer. */
import { PageHeader } from '../page-header.tsx';
import { Card, Skeleton } from '../ui/index.ts';

export function ModelSkeleton() {
  return (
    <>
      <PageHeader title={null} />
      <div aria-busy="true">
        <div className="mb-4 grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
          {['score', 'size', 'latency', 'agreement'].map((name) => (
            <Card key={name} className="flex h-28 flex-col justify-center gap-3 p-4">
              <Skeleton className="w-28" />
              <Skeleton className="h-7 w-24" />
              <Skeleton className="w-40" />
            </Card>
          ))}
        </div>
        <div className="grid grid-cols-1 gap-4 lg:grid-cols-[1fr_1fr_25rem]">
          {['picture', 'matrix', 'form'].map((name) => (
            <Card key={name} className="h-80 p-4">
              <Skeleton className="h-full w-full" />
            </Card>
          ))}
        </div>
      </div>
    </>
  );
}
