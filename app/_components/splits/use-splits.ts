'use client';
/** The report on splits of one version and target: how it stands, and asking for it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { SplitPage } from '#core/contracts/splits.ts';
import type { TaskKind } from '#core/contracts/task.ts';
import { errorText, useTRPC } from '../../_lib/trpc.tsx';

const stillTryingMs = 700;
/** A choice of target settles before anything is tried for it. */
const settleMs = 500;

export interface SplitSubject {
  readonly versionId: string;
  /** Null: nothing to ask about yet. */
  readonly target: string | null;
  readonly kind?: TaskKind;
  readonly testVersionId?: string | null;
}

export interface Splits {
  readonly page: SplitPage | undefined;
  readonly waiting: boolean;
  readonly error: string | null;
  readonly ask: () => void;
}

/** @param auto asks by itself where nobody has asked yet */
export function useSplits({ versionId, target, kind, testVersionId }: SplitSubject, auto: boolean): Splits {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const input = { versionId, target: target ?? '', kind, testVersionId };
  const query = useQuery(
    trpc.dataset.splits.queryOptions(input, {
      enabled: target !== null,
      refetchInterval: ({ state }) => (isWaiting(state.data?.state) ? stillTryingMs : false),
    }),
  );
  const judge = useMutation(
    trpc.dataset.judgeSplits.mutationOptions({
      onSuccess: (page, asked) => cache.setQueryData(trpc.dataset.splits.queryKey(asked), page),
    }),
  );
  const { mutate } = judge;
  const state = query.data?.state;
  useEffect(() => {
    if (!auto || target === null || state !== 'none') return;
    const timer = setTimeout(() => mutate({ versionId, target, kind, testVersionId }), settleMs);
    return () => clearTimeout(timer);
  }, [auto, state, mutate, versionId, target, kind, testVersionId]);
  return {
    page: query.data,
    waiting: isWaiting(state) || judge.isPending,
    error: judge.isError
      ? errorText(judge.error)
      : query.isError
        ? errorText(query.error)
        : (query.data?.error ?? null),
    ask: () => mutate(input),
  };
}

const isWaiting = (state: SplitPage['state'] | undefined): boolean => state === 'queued' || state === 'running';
