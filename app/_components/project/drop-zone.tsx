'use client';
/** The way in: drop a table, choose one, or take a sample. Large while the project is empty, a strip afterwards. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { cx } from '../../_lib/cx.ts';
import { routes } from '../../_lib/routes.ts';
import { errorText, useTRPC } from '../../_lib/trpc.tsx';
import { whyNotAccepted } from '../../_lib/upload/accept.ts';
import { Button } from '../ui/button.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { Notice } from '../ui/notice.tsx';
import { FileButton } from '../upload/file-button.tsx';
import { useUploads } from '../upload/upload-context.tsx';
import { useFileDrop } from '../upload/use-file-drop.ts';
import { SampleCards } from './sample-cards.tsx';

export function DropZone({ projectId, roomy }: { readonly projectId: string; readonly roomy: boolean }) {
  const trpc = useTRPC();
  const router = useRouter();
  const cache = useQueryClient();
  const { start } = useUploads();
  const [refused, setRefused] = useState<string | null>(null);
  const samples = useQuery(trpc.project.samples.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  const add = useMutation(
    trpc.project.addSample.mutationOptions({
      onSuccess: async ({ datasetId }) => {
        await cache.invalidateQueries(trpc.dataset.pathFilter());
        router.push(routes.dataset(projectId, datasetId));
      },
    }),
  );
  const take = (files: readonly File[]) => {
    const reasons: string[] = [];
    for (const file of files) {
      const reason = whyNotAccepted(file);
      if (reason) reasons.push(reason);
      else start(file, { projectId });
    }
    setRefused(reasons.length > 0 ? reasons.join(' ') : null);
  };
  const drop = useFileDrop(take);
  const problem = refused ?? (add.error ? errorText(add.error) : null);
  return (
    <div
      {...drop.handlers}
      data-drop-zone
      className={cx(
        'rounded-lg border border-dashed bg-panel transition-colors',
        drop.over ? 'border-ember bg-ember-wash' : 'border-line-strong',
        roomy ? 'px-6 py-10 sm:px-8' : 'px-5 py-4.5',
      )}
    >
      <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <h2 className="text-lead font-semibold">
            {drop.over ? 'Let go to upload' : 'Drop a table here, or choose a file'}
          </h2>
          <p className="text-table text-muted">
            CSV, TSV, Parquet or JSON lines. It is read on the server and stays in this project.
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {!roomy && samples.data && samples.data.length > 0 ? (
            <Menu trigger={<Button busy={add.isPending}>Try a sample</Button>}>
              {samples.data.map((sample) => (
                <MenuItem
                  key={sample.key}
                  end={`${sample.rows.toLocaleString('en-US')} rows`}
                  onSelect={() => add.mutate({ projectId, key: sample.key })}
                >
                  {sample.name}
                </MenuItem>
              ))}
            </Menu>
          ) : null}
          <FileButton tone="primary" multiple onFiles={take}>
            Choose file
          </FileButton>
        </div>
      </div>
      {problem ? (
        <Notice tone="bad" className="mt-3">
          {problem}
        </Notice>
      ) : null}
      {roomy ? (
        <SampleCards
          samples={samples.data ?? null}
          busyKey={add.isPending ? add.variables.key : null}
          onAdd={(key) => add.mutate({ projectId, key })}
        />
      ) : null}
    </div>
  );
}
