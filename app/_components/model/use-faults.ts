'use client';
/** Faults of one kind, a page at a time, and the rows that are ticked to be left out. */
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Fault, FaultKind, FaultPage } from '#core/contracts/faults.ts';
import { errorText, useTRPC } from '../../_lib/trpc.tsx';
import { showToast } from '../ui/index.ts';

const pageRows = 200;
const stillLookingMs = 2000;

export interface FaultList {
  /** State, counts and version; undefined while nothing has arrived. */
  readonly page: FaultPage | undefined;
  readonly error: string | null;
  readonly faults: readonly Fault[];
  readonly more: () => void;
}

export function useFaults(modelId: string, kind: FaultKind): FaultList {
  const trpc = useTRPC();
  const query = useInfiniteQuery(
    trpc.model.faults.infiniteQueryOptions(
      { id: modelId, kind, limit: pageRows },
      {
        initialCursor: 0,
        getNextPageParam: (last, all) => {
          const loaded = all.reduce((sum, page) => sum + page.faults.length, 0);
          return loaded < last.listed ? loaded : undefined;
        },
        refetchInterval: ({ state }) => (state.data?.pages[0]?.state === 'queued' ? stillLookingMs : false),
      },
    ),
  );
  return {
    page: query.data?.pages[0],
    error: query.isError ? errorText(query.error) : null,
    faults: query.data?.pages.flatMap((page) => page.faults) ?? [],
    more: () => {
      if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
    },
  };
}

export interface Exclusion {
  readonly rows: ReadonlySet<number>;
  readonly tick: (rows: readonly number[], on: boolean) => void;
  readonly saving: boolean;
  /** The data set whose new version was made. */
  readonly made: string | null;
  readonly save: (versionId: string) => void;
}

/** Ticked rows stay ticked from one kind to the next. */
export function useExclusion(): Exclusion {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const [rows, setRows] = useState<ReadonlySet<number>>(new Set());
  const [made, setMade] = useState<string | null>(null);
  const save = useMutation(
    trpc.dataset.excludeRows.mutationOptions({
      onSuccess: async ({ datasetId }) => {
        setRows(new Set());
        setMade(datasetId);
        await cache.invalidateQueries(trpc.dataset.pathFilter());
      },
      onError: (error) => showToast({ title: 'No version was made', description: errorText(error), tone: 'bad' }),
    }),
  );
  return {
    rows,
    made,
    saving: save.isPending,
    tick: (changed, on) =>
      setRows((before) => {
        const next = new Set(before);
        for (const row of changed)
          if (on) next.add(row);
          else next.delete(row);
        return next;
      }),
    save: (versionId) => save.mutate({ versionId, rows: [...rows] }),
  };
}
