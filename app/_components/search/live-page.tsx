'use client';
/** The live page of one search. */
import { useQuery } from '@tanstack/react-query';
import { parseAsInteger, parseAsStringLiteral, useQueryState } from 'nuqs';
import { useMemo } from 'react';
import { coldStart } from '../../_lib/best-curve.ts';
import { countTrials } from '../../_lib/live-search.ts';
import { outlookOf } from '../../_lib/outlook.ts';
import { isOver } from '../../_lib/search-stream.ts';
import { useTRPC } from '../../_lib/trpc.tsx';
import { useLasting } from '../../_lib/use-lasting.ts';
import { useElapsed, useLiveSearch } from '../../_lib/use-live-search.ts';
import { Gone } from '../gone.tsx';
import { Card, TabPanel, Tabs } from '../ui/index.ts';
import { BestChart } from './best-chart.tsx';
import { LendCard } from './lend/lend-card.tsx';
import { LiveSkeleton } from './live-skeleton.tsx';
import { LogTab } from './log-tab.tsx';
import { ParetoTab } from './pareto-tab.tsx';
import { PriorCard } from './prior-card.tsx';
import { PriorTab } from './prior-tab.tsx';
import { SearchHeader } from './search-header.tsx';
import { SearchHero } from './search-hero.tsx';
import { SearchNotice } from './search-notice.tsx';
import { TrialInspector } from './trial-inspector.tsx';
import { TrialsTable } from './trials-table.tsx';
import { WorkersTab } from './workers-tab.tsx';

/** A stream that opens takes a moment; only what lasts is worth saying. */
const awayMilliseconds = 4000;

const tabs = ['trials', 'pareto', 'prior', 'workers', 'log'] as const;

export function LivePage({ searchId }: { readonly searchId: string }) {
  const trpc = useTRPC();
  const stream = useLiveSearch(searchId);
  const elapsed = useElapsed(stream);
  const [tab, setTab] = useQueryState(
    'tab',
    parseAsStringLiteral(tabs).withDefault('trials').withOptions({ history: 'push' }),
  );
  const [open, setOpen] = useQueryState('trial', parseAsInteger.withOptions({ history: 'push' }));
  const view = stream.live?.view;
  const project = useQuery(
    trpc.project.get.queryOptions({ id: view?.projectId ?? '' }, { enabled: view !== undefined }),
  );
  const quote = useQuery(
    trpc.search.quote.queryOptions(
      {
        versionId: view?.versionId ?? '',
        target: view?.target ?? '',
        kind: view?.kind ?? 'classification',
        budgetSeconds: view?.budgetSeconds ?? 60,
        excludeSearchId: searchId,
      },
      { enabled: view !== undefined, staleTime: Number.POSITIVE_INFINITY },
    ),
  );
  const away = useLasting(stream.connection === 'connecting', awayMilliseconds);
  const trials = useMemo(() => [...(stream.live?.trials.values() ?? [])], [stream.live?.trials]);
  const shares = quote.data?.cold ?? null;
  const cold = useMemo(
    () => coldStart(shares, trials, view?.direction ?? 'maximize', view?.budgetSeconds ?? 60),
    [shares, trials, view?.direction, view?.budgetSeconds],
  );

  if (!stream.live || !view) {
    if (!stream.error) return <LiveSkeleton />;
    return <Gone what="search" error={stream.error} retry={() => window.location.reload()} />;
  }
  const mayEdit = project.data !== undefined && project.data.role !== 'viewer';
  const live = !isOver(view.state);
  // Thousands of marks need not be drawn again every second.
  const redrawSeconds = trials.length > 1000 ? 5 : 1;
  const counts = { ...view.trials, ...countTrials(trials) };
  const shownView = { ...view, trials: counts };
  const inspected = open === null ? undefined : stream.live.trials.get(open);
  const bestNumber = view.best?.trialNumber ?? null;
  return (
    <>
      <SearchHeader
        view={shownView}
        elapsed={elapsed}
        mayEdit={mayEdit}
        away={live && away}
        onChanged={stream.refresh}
      />
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-[minmax(0,1fr)_20.75rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <SearchNotice view={shownView} elapsed={elapsed} />
          <SearchHero view={shownView} elapsed={elapsed} cold={cold} outlook={outlookOf(view, trials, elapsed)} />
          <Card label="Score over time" className="p-4">
            <BestChart
              view={view}
              trials={trials}
              cold={cold}
              coldTasks={quote.data?.tasks.length ?? 0}
              elapsed={Math.floor(elapsed / redrawSeconds) * redrawSeconds}
            />
          </Card>
          <Card label="Details">
            <Tabs
              label="Search details"
              value={tab}
              onChange={(value) => void setTab(value)}
              tabs={[
                { value: 'trials', label: 'Trials', count: trials.length },
                { value: 'pareto', label: 'Pareto' },
                { value: 'prior', label: 'Prior' },
                { value: 'workers', label: 'Workers', count: live ? view.workers.length : null },
                { value: 'log', label: 'Log' },
              ]}
            >
              <TabPanel value="trials">
                <TrialsTable
                  trials={trials}
                  metric={view.metric}
                  direction={view.direction}
                  bestNumber={bestNumber}
                  live={live}
                  openNumber={open}
                  onOpen={(number) => void setOpen(number)}
                />
              </TabPanel>
              <TabPanel value="pareto">
                <ParetoTab trials={trials} metric={view.metric} direction={view.direction} bestNumber={bestNumber} />
              </TabPanel>
              <TabPanel value="prior">
                <PriorTab view={shownView} />
              </TabPanel>
              <TabPanel value="workers">
                <WorkersTab view={view} trials={stream.live.trials} />
              </TabPanel>
              <TabPanel value="log">
                <LogTab log={stream.live.log} metric={view.metric} live={live} />
              </TabPanel>
            </Tabs>
          </Card>
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          {mayEdit ? <LendCard view={view} /> : null}
          <PriorCard view={shownView} />
        </div>
      </div>
      {inspected ? (
        <TrialInspector
          trial={inspected}
          metric={view.metric}
          best={inspected.number === bestNumber}
          onClose={() => void setOpen(null)}
        />
      ) : null}
    </>
  );
}
