'use client';
import { useQuery } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import Link from 'next/link';
import { formatBytes, formatInterval, metricLabel } from '../../_lib/format.ts';
import { routes } from '../../_lib/routes.ts';
import { useTRPC } from '../../_lib/trpc.tsx';
import { LoadFailed } from '../load-failed.tsx';
import { Card, CardHead } from '../ui/card.tsx';
import { StateChip } from '../ui/chip.tsx';
import { Empty } from '../ui/empty.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { Table, Td, Th, Tr } from '../ui/table.tsx';

/** The models of a project: test score, size, and whether a browser has checked them. */
export function ModelsCard({ projectId }: { readonly projectId: string }) {
  const trpc = useTRPC();
  const models = useQuery(trpc.model.list.queryOptions({ projectId }));
  return (
    <Card>
      <CardHead title="Models" />
      {models.isError && !models.data ? (
        <LoadFailed what="The models" error={models.error} retry={() => void models.refetch()} />
      ) : (
        <Table
          label="Models"
          className="mt-2"
          head={
            <>
              <Th>Model</Th>
              <Th end>Test score</Th>
              <Th end>Size</Th>
              <Th>Browser check</Th>
            </>
          }
        >
          {models.data ? (
            models.data.map((model) => {
              const test = model.result.scores.test;
              return (
                <Tr key={model.id} covered>
                  <Td className="h-10 max-w-72">
                    <span className="flex items-center gap-2">
                      <Link
                        href={routes.model(projectId, model.id)}
                        className="cover-link truncate font-medium no-underline"
                      >
                        {model.name}
                      </Link>
                      {model.state === 'published' || model.state === 'archived' ? (
                        <StateChip state={model.state} />
                      ) : null}
                    </span>
                  </Td>
                  <Td end>
                    {test ? (
                      <>
                        <span className="text-faint">{metricLabel(model.metric)}</span>{' '}
                        {formatInterval(test.value, test.low, test.high)}
                      </>
                    ) : null}
                  </Td>
                  <Td end>{formatBytes(model.bytes)}</Td>
                  <Td>
                    {model.publishableAt ? (
                      <span className="inline-flex items-center gap-1 text-good">
                        <Check aria-hidden className="size-3.5" /> passed
                      </span>
                    ) : (
                      <span className="text-muted">not yet</span>
                    )}
                  </Td>
                </Tr>
              );
            })
          ) : (
            <SkeletonRows rows={2} columns={4} />
          )}
        </Table>
      )}
      {models.data?.length === 0 ? (
        <Empty title="No models yet">
          Each finished search leaves one ONNX file here, with its score on rows no design has seen.
        </Empty>
      ) : null}
    </Card>
  );
}
