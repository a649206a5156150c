'use client';
/** The rows as they were read; pages are fetched where one scrolls to. */
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import type { Profile } from '#core/contracts/dataset.ts';
import { formatCount } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.tsx';
import { LoadFailed } from '../load-failed.tsx';
import { Card, CardHead } from '../ui/card.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { PreviewTable } from './preview-table.tsx';

const pageRows = 200;

export function PreviewCard({ versionId, profile }: { readonly versionId: string; readonly profile: Profile }) {
  const trpc = useTRPC();
  const [span, setSpan] = useState<readonly [first: number, last: number]>([0, 0]);
  const pages = Array.from({ length: span[1] - span[0] + 1 }, (_, index) => span[0] + index);
  const answers = useQueries({
    queries: pages.map((page) =>
      trpc.dataset.preview.queryOptions(
        { versionId, offset: page * pageRows, limit: pageRows },
        { staleTime: Number.POSITIVE_INFINITY },
      ),
    ),
  });
  const [known, setKnown] = useState<number | null>(null);
  const total = answers.find((one) => one.data)?.data?.total ?? known;
  if (total !== known) setKnown(total);
  const failed = answers.find((one) => one.isError);
  const rowAt = (index: number) => answers[Math.floor(index / pageRows) - span[0]]?.data?.rows[index % pageRows];
  return (
    <Card>
      <CardHead title="Rows">
        <span className="text-label text-muted">
          {total !== null && total < profile.rows
            ? `the first ${formatCount(total)} of ${formatCount(profile.rows)}`
            : `${formatCount(profile.rows)} in all`}
        </span>
      </CardHead>
      {failed ? (
        <LoadFailed what="The rows" error={failed.error} retry={() => void failed.refetch()} />
      ) : total === null ? (
        <table className="mt-2 w-full">
          <tbody>
            <SkeletonRows rows={8} columns={6} />
          </tbody>
        </table>
      ) : (
        <PreviewTable
          profile={profile}
          total={total}
          rowAt={rowAt}
          onRange={(first, last) => {
            const next = [Math.floor(first / pageRows), Math.floor(last / pageRows)] as const;
            if (next[0] !== span[0] || next[1] !== span[1]) setSpan(next);
          }}
        />
      )}
    </Card>
  );
}
