'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Profile } from '#core/contracts/dataset.ts';
import { formatCount } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.tsx';
import { LoadFailed } from '../load-failed.tsx';
import { Card, CardHead } from '../ui/card.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { PreviewTable } from './preview-table.tsx';

const pageRows = 200;

/** The rows as they were read, page by page while one scrolls. */
export function PreviewCard({ versionId, profile }: { readonly versionId: string; readonly profile: Profile }) {
  const trpc = useTRPC();
  const pages = useInfiniteQuery(
    trpc.dataset.preview.infiniteQueryOptions(
      { versionId, limit: pageRows },
      {
        initialCursor: 0,
        staleTime: Number.POSITIVE_INFINITY,
        getNextPageParam: (last, all) => (last.rows.length < pageRows ? null : all.length * pageRows),
      },
    ),
  );
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? [];
  const ended = pages.data !== undefined && !pages.hasNextPage;
  return (
    <Card>
      <CardHead title="Rows">
        <span className="text-label text-muted">
          {ended && rows.length < profile.rows
            ? `the first ${formatCount(rows.length)} of ${formatCount(profile.rows)}`
            : `${formatCount(profile.rows)} in all`}
        </span>
      </CardHead>
      {pages.isError && !pages.data ? (
        <LoadFailed what="The rows" error={pages.error} retry={() => void pages.refetch()} />
      ) : pages.data ? (
        <PreviewTable
          profile={profile}
          rows={rows}
          onNearEnd={() => {
            if (pages.hasNextPage && !pages.isFetchingNextPage) void pages.fetchNextPage();
          }}
        />
      ) : (
        <table className="mt-2 w-full">
          <tbody>
            <SkeletonRows rows={8} columns={6} />
          </tbody>
        </table>
      )}
    </Card>
  );
}
