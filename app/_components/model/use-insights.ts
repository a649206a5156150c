'use client';
/** Weak spots and effects of a model, asked for again while they are worked out. */
import { useQuery } from '@tanstack/react-query';
import type { InsightPage } from '#core/contracts/insights.ts';
import { errorText, useTRPC } from '../../_lib/trpc.tsx';

const stillWorkingMs = 2000;

export interface Insights {
  /** Undefined while nothing has arrived. */
  readonly page: InsightPage | undefined;
  readonly error: string | null;
}

export function useInsights(modelId: string): Insights {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.model.insights.queryOptions(
      { id: modelId },
      { refetchInterval: ({ state }) => (state.data?.state === 'queued' ? stillWorkingMs : false) },
    ),
  );
  return { page: query.data, error: query.isError ? errorText(query.error) : null };
}
