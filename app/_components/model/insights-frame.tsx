'use client';
/** What both tabs of insights show before there are any. */
import type { ReactNode } from 'react';
import type { InsightReport } from '#core/contracts/insights.ts';
import { Empty } from '../ui/index.ts';
import { DetailsPending } from './details-pending.tsx';
import { useInsights } from './use-insights.ts';

export interface InsightsFrameProps {
  readonly modelId: string;
  /** What will be seen here. */
  readonly about: string;
  readonly children: (report: InsightReport) => ReactNode;
}

export function InsightsFrame({ modelId, about, children }: InsightsFrameProps) {
  const { page, error } = useInsights(modelId);
  if (error || !page) return <DetailsPending what="This" error={error} />;
  if (page.report) return children(page.report);
  return page.state === 'queued' ? (
    <Empty title="Looking into the model">{about} It appears here in a moment.</Empty>
  ) : (
    <Empty title="Nobody looked into this model">Models made from now on are looked into.</Empty>
  );
}
