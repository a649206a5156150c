'use client';
/** One model: how good it is, whether the runtimes agree, what it looks like inside, and a place to try it. */
import { useQuery } from '@tanstack/react-query';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import type { ModelView, Report } from '#core/contracts/views.ts';
import { errorText, useTRPC } from '../../_lib/trpc.tsx';
import { Gone } from '../gone.tsx';
import { Card, CardBody, CardHead, Notice, Separator, Skeleton, TabPanel, Tabs } from '../ui/index.ts';
import { CertaintyCard } from './certainty-card.tsx';
import { CheckPanel } from './check-panel.tsx';
import { ConfusionTable } from './confusion-card.tsx';
import { EffectsTab } from './effects-tab.tsx';
import { FaultsTab } from './faults-tab.tsx';
import { GraphDrawing } from './graph-drawing.tsx';
import { ImportanceList } from './importance-card.tsx';
import { MembersTab, ScoresTab } from './members-tab.tsx';
import { ModelHeader } from './model-header.tsx';
import { ModelSkeleton } from './model-skeleton.tsx';
import { Playground } from './playground.tsx';
import { PredictionsTab } from './predictions-tab.tsx';
import { QualityCard } from './quality-card.tsx';
import { ReceiptsTab, RuntimesTab } from './receipts-tab.tsx';
import { ReplayBar } from './replay-bar.tsx';
import { ScoreCards } from './score-cards.tsx';
import { SlicesTab } from './slices-tab.tsx';
import { useBrowserCheck } from './use-browser-check.ts';
import { useBrowserModel } from './use-browser-model.ts';

export function ModelPage({ modelId }: { readonly modelId: string }) {
  const trpc = useTRPC();
  const model = useQuery(trpc.model.get.queryOptions({ id: modelId }));
  if (model.data) return <LoadedModel model={model.data} />;
  if (!model.isError) return <ModelSkeleton />;
  return <Gone what="model" error={model.error} retry={() => void model.refetch()} />;
}

function LoadedModel({ model }: { readonly model: ModelView }) {
  const trpc = useTRPC();
  const project = useQuery(trpc.project.get.queryOptions({ id: model.projectId }));
  const report = useQuery(trpc.model.report.queryOptions({ id: model.id }, { staleTime: Number.POSITIVE_INFINITY }));
  const checks = useQuery(trpc.model.checks.queryOptions({ id: model.id }));
  const browser = useBrowserModel(model.id);
  const check = useBrowserCheck(model.id, browser);
  const mayEdit = project.data !== undefined && project.data.role !== 'viewer';
  const done = checks.data ?? [];
  return (
    <>
      <ModelHeader model={model} projectName={project.data?.name ?? null} checks={done} mayEdit={mayEdit} />
      <CheckPanel check={check} passed={model.publishableAt !== null} mayCheck={project.data ? mayEdit : null} />
      <ScoreCards model={model} checks={done} check={check} />
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-[minmax(0,1fr)_22rem] xl:grid-cols-[minmax(0,1fr)_25rem]">
        <div className="flex min-w-0 flex-col gap-4">
          {report.data ? (
            <ReportCards report={report.data} />
          ) : report.isError ? (
            <Notice tone="bad" title="The report could not be read">
              {errorText(report.error)}
            </Notice>
          ) : (
            <Card className="h-80 p-4">
              <Skeleton className="h-full w-full" />
            </Card>
          )}
          <Details model={model} report={report.data} checks={done} mayEdit={mayEdit} />
        </div>
        <Playground model={model} browser={browser} importance={report.data?.importance ?? noImportance} />
      </div>
    </>
  );
}

function ReportCards({ report }: { readonly report: Report }) {
  return (
    <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-2">
      <div className="flex min-w-0 flex-col gap-4">
        <QualityCard report={report} />
        <CertaintyCard report={report} />
      </div>
      <Card label="Errors and importance">
        {report.confusion ? (
          <>
            <CardHead title="Confusion, sealed test" />
            <div className="pt-1 pb-3">
              <ConfusionTable confusion={report.confusion} />
            </div>
            <div className="px-4">
              <Separator />
            </div>
          </>
        ) : null}
        <CardHead title="What matters" />
        <CardBody>
          <ImportanceList report={report} />
        </CardBody>
      </Card>
    </div>
  );
}

const tabs = [
  'receipts',
  'runtimes',
  'members',
  'effects',
  'slices',
  'diagram',
  'metrics',
  'faults',
  'predictions',
] as const;

const noImportance: Report['importance'] = [];

interface DetailsProps {
  readonly model: ModelView;
  readonly report: Report | undefined;
  readonly checks: Parameters<typeof RuntimesTab>[0]['checks'];
  readonly mayEdit: boolean;
}

function Details({ model, report, checks, mayEdit }: DetailsProps) {
  const trpc = useTRPC();
  const [tab, setTab] = useQueryState(
    'tab',
    parseAsStringLiteral(tabs).withDefault('receipts').withOptions({ history: 'push' }),
  );
  const search = useQuery(trpc.search.get.queryOptions({ id: model.searchId }, { staleTime: 60_000 }));
  const outline = useQuery(trpc.model.outline.queryOptions({ id: model.id }, { enabled: tab === 'diagram' }));
  return (
    <Card label="Details">
      <Tabs
        label="Model details"
        value={tab}
        onChange={(value) => void setTab(value)}
        tabs={[
          { value: 'receipts', label: 'Receipts' },
          { value: 'runtimes', label: 'Runtimes', count: model.verification.length + checks.length },
          { value: 'members', label: 'Members', count: model.result.model?.members.length ?? 0 },
          { value: 'effects', label: 'Effects' },
          { value: 'slices', label: 'Weak spots' },
          { value: 'diagram', label: 'Diagram' },
          { value: 'metrics', label: 'Metrics' },
          { value: 'faults', label: 'Suspect rows' },
          { value: 'predictions', label: 'Predicted files' },
        ]}
      >
        <TabPanel value="receipts">
          <ReceiptsTab model={model} search={search.data} />
          <ReplayBar model={model} mayEdit={mayEdit} />
        </TabPanel>
        <TabPanel value="runtimes">
          <RuntimesTab model={model} checks={checks} />
        </TabPanel>
        <TabPanel value="members">
          <MembersTab model={model} report={report} />
        </TabPanel>
        <TabPanel value="effects">
          {tab === 'effects' ? <EffectsTab modelId={model.id} target={model.target} /> : null}
        </TabPanel>
        <TabPanel value="slices">{tab === 'slices' ? <SlicesTab modelId={model.id} /> : null}</TabPanel>
        <TabPanel value="diagram">
          {outline.data ? (
            <GraphDrawing outline={outline.data} />
          ) : (
            <div className="h-72 p-4">
              <Skeleton className="h-full w-full" />
            </div>
          )}
        </TabPanel>
        <TabPanel value="metrics">{report ? <ScoresTab report={report} /> : null}</TabPanel>
        <TabPanel value="faults">{tab === 'faults' ? <FaultsTab model={model} mayEdit={mayEdit} /> : null}</TabPanel>
        <TabPanel value="predictions">
          {tab === 'predictions' ? <PredictionsTab model={model} mayEdit={mayEdit} /> : null}
        </TabPanel>
      </Tabs>
    </Card>
  );
}
