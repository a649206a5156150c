'use client';
/** A new search on one page: everything proposed from the data with its reason, everything editable, then Start. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { parseAsString, useQueryStates } from 'nuqs';
import { useEffect, useReducer, useState } from 'react';
import type { Profile } from '#core/contracts/dataset.ts';
import { plural } from '../../_lib/format.ts';
import { routes } from '../../_lib/routes.ts';
import { errorText, type RouterOutputs, useTRPC } from '../../_lib/trpc.tsx';
import { Gone } from '../gone.tsx';
import { PageHeader } from '../page-header.tsx';
import { Button, Card, Chip, Empty, Notice, Skeleton } from '../ui/index.ts';
import { BudgetSection } from './budget-section.tsx';
import { emptyForm, type FormValues, reduceForm, toRequest, twoClasses } from './form-state.ts';
import { MetricSection } from './metric-section.tsx';
import { MoreOptions } from './more-options.tsx';
import { QuoteCard } from './quote-card.tsx';
import { SplitSection } from './split-section.tsx';
import { TargetSection, TaskSection } from './target-section.tsx';

type Version = RouterOutputs['dataset']['version'];

const parsers = { version: parseAsString.withDefault(''), clone: parseAsString, test: parseAsString };

export function NewSearchPage({ projectId }: { readonly projectId: string }) {
  const trpc = useTRPC();
  const [asked] = useQueryStates(parsers);
  const version = useQuery(
    trpc.dataset.version.queryOptions({ versionId: asked.version }, { enabled: asked.version !== '' }),
  );
  const project = useQuery(trpc.project.get.queryOptions({ id: projectId }));
  if (asked.version === '') {
    return (
      <>
        <PageHeader
          title="New search"
          crumbs={[{ label: project.data?.name ?? 'Project', href: routes.project(projectId) }]}
        />
        <Card>
          <Empty title="A search starts from a data set">Open one of this project and press New search there.</Empty>
        </Card>
      </>
    );
  }
  if (version.isError && !version.data) {
    return <Gone what="data set" error={version.error} retry={() => void version.refetch()} />;
  }
  const { data } = version;
  return (
    <>
      <PageHeader
        crumbs={[
          { label: project.data?.name ?? 'Project', href: routes.project(projectId) },
          ...(data
            ? [
                {
                  label: `${data.datasetName} v${data.number}`,
                  href: routes.dataset(projectId, data.datasetId, data.number),
                },
              ]
            : []),
        ]}
        title="New search"
        chips={
          data?.profile ? (
            <Chip>
              {plural(data.profile.rows, 'row')} · {plural(data.profile.columns.length, 'column')}
            </Chip>
          ) : undefined
        }
      />
      {data?.profile ? (
        <SearchForm
          key={`${data.id} ${asked.clone}`}
          projectId={projectId}
          version={data}
          profile={data.profile}
          cloneId={asked.clone}
          testVersionId={asked.test}
          mayEdit={project.data !== undefined && project.data.role !== 'viewer'}
        />
      ) : data ? (
        <Notice tone="warn" title="This data set is not ready">
          It is {data.state}; a search can start once it is read.
        </Notice>
      ) : (
        <div aria-busy="true" className="grid grid-cols-1 gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
          <Skeleton className="h-96 rounded-lg" />
          <Skeleton className="h-72 rounded-lg" />
        </div>
      )}
    </>
  );
}

interface SearchFormProps {
  readonly projectId: string;
  readonly version: Version;
  readonly profile: Profile;
  readonly cloneId: string | null;
  readonly testVersionId: string | null;
  readonly mayEdit: boolean;
}

function SearchForm({ projectId, version, profile, cloneId, testVersionId, mayEdit }: SearchFormProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const cache = useQueryClient();
  const [{ values, touched }, dispatch] = useReducer(reduceForm, emptyForm, (start) =>
    testVersionId ? reduceForm(start, { type: 'set', values: { testVersionId } }) : start,
  );
  const set = (next: Partial<FormValues>) => dispatch({ type: 'set', values: next });
  const cloned = useQuery(
    trpc.search.clone.queryOptions(
      { id: cloneId ?? '' },
      { enabled: cloneId !== null, staleTime: Number.POSITIVE_INFINITY },
    ),
  );
  useEffect(() => {
    if (cloned.data) dispatch({ type: 'clone', request: cloned.data });
  }, [cloned.data]);
  const suggestion = useQuery(
    trpc.dataset.suggest.queryOptions(
      { versionId: version.id, ...(values.target && touched.has('target') ? { target: values.target } : {}) },
      { staleTime: Number.POSITIVE_INFINITY, placeholderData: (before) => before },
    ),
  );
  const fresh = suggestion.isPlaceholderData ? undefined : suggestion.data;
  useEffect(() => {
    if (fresh) dispatch({ type: 'suggest', suggestion: fresh });
  }, [fresh]);
  const reasons = suggestion.data?.reasons;
  const [problem, setProblem] = useState<string | null>(null);
  const start = useMutation(
    trpc.search.start.mutationOptions({
      onSuccess: async ({ searchId }) => {
        void cache.invalidateQueries(trpc.search.list.pathFilter());
        router.push(routes.search(projectId, searchId));
      },
      onError: (error) => setProblem(errorText(error)),
    }),
  );
  const column = profile.columns.find((one) => one.name === values.target);
  const submit = () => {
    const made = toRequest(version.id, values, twoClasses(values.kind, column));
    if ('problem' in made) return setProblem(made.problem);
    setProblem(null);
    start.mutate(made.request);
  };
  if (cloneId !== null && cloned.isError) {
    return <Gone what="search" error={cloned.error} retry={() => void cloned.refetch()} />;
  }
  const part = { values, profile, set };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]"
    >
      <Card>
        <TargetSection
          {...part}
          reason={reasons?.target}
          likely={suggestion.data?.targets.map((one) => one.name) ?? []}
        />
        <TaskSection {...part} reason={reasons?.kind} />
        <MetricSection {...part} reason={reasons?.metric} />
        <SplitSection
          {...part}
          reason={reasons?.split}
          projectId={projectId}
          versionId={version.id}
          mayEdit={mayEdit}
        />
        <BudgetSection values={values} set={set} reason={reasons?.budget} />
        <MoreOptions values={values} profile={profile} set={set} />
      </Card>
      <div className="flex flex-col gap-4 lg:sticky lg:top-5">
        <QuoteCard versionId={version.id} values={values} />
        {problem ? (
          <Notice tone="bad" title="The search did not start">
            {problem}
          </Notice>
        ) : null}
        <Button
          type="submit"
          tone="primary"
          size="large"
          busy={start.isPending || start.isSuccess}
          disabled={!values.target}
        >
          Start search
        </Button>
      </div>
    </form>
  );
}
