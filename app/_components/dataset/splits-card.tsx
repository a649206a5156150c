'use client';
/** What was found about splitting this version for a target: which splits flatter, columns that know, how a test file differs. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Profile } from '#core/contracts/dataset.ts';
import type { SplitReport } from '#core/contracts/splits.ts';
import { metricLabel, plural } from '../../_lib/format.ts';
import { type Finding as FindingWords, findingsOf, quietWords } from '../../_lib/split-words.ts';
import { errorText, useTRPC } from '../../_lib/trpc.tsx';
import { type Splits, useSplits } from '../splits/use-splits.ts';
import { Button } from '../ui/button.tsx';
import { Card, CardHead } from '../ui/card.tsx';
import { Select } from '../ui/select.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { showToast } from '../ui/toast.tsx';
import { Finding } from './finding.tsx';
import { FixType } from './fix-type.tsx';
import type { TypeEdits } from './use-type-edits.ts';

export interface SplitsCardProps {
  readonly projectId: string;
  readonly versionId: string;
  readonly profile: Profile;
  readonly target: string | null;
  readonly edits: TypeEdits;
  readonly mayEdit: boolean;
  readonly onVersion: (number: number | null) => void;
}

const noTest = 'none';

export function SplitsCard(props: SplitsCardProps) {
  const { projectId, versionId, target, mayEdit } = props;
  const trpc = useTRPC();
  const [test, setTest] = useState(noTest);
  const splits = useSplits({ versionId, target, testVersionId: test === noTest ? null : test }, false);
  const datasets = useQuery(trpc.dataset.list.queryOptions({ projectId }));
  const files = (datasets.data ?? []).flatMap(({ name, latest }) =>
    latest?.state === 'ready' && latest.versionId !== versionId ? [{ name, id: latest.versionId }] : [],
  );
  if (target === null) return null;
  return (
    <Card label="Splits and leaks">
      <CardHead title="Splits and leaks">
        {files.length > 0 ? (
          <Select
            aria-label="Test file to compare with"
            value={test}
            onChange={setTest}
            options={[
              { value: noTest, label: 'No test file' },
              ...files.map(({ name, id }) => ({ value: id, label: name, note: 'compare its rows with these' })),
            ]}
            className="max-w-40"
          />
        ) : null}
      </CardHead>
      {splits.page?.report ? (
        <Report {...props} report={splits.page.report} />
      ) : (
        <Unread splits={splits} target={target} mayEdit={mayEdit} />
      )}
    </Card>
  );
}

function Unread({
  splits: { page, waiting, error, ask },
  target,
  mayEdit,
}: {
  readonly splits: Splits;
  readonly target: string;
  readonly mayEdit: boolean;
}) {
  if (waiting || (!page && !error))
    return (
      <div role="status" className="flex flex-col gap-2 px-4 pt-3 pb-4 text-table text-muted">
        {waiting ? <p>Trying random, grouped and forward splits on a sample of the rows…</p> : null}
        <Skeleton className="w-4/5" />
        <Skeleton className="w-3/5" />
      </div>
    );
  return (
    <div className="flex flex-col items-start gap-3 px-4 pt-2 pb-4 text-table">
      {error ? (
        <p className="break-words text-muted">Splits could not be compared: {error}</p>
      ) : (
        <p className="text-muted">
          Whether groups, time, copies or single columns make the score of {target} look better than it will be.
        </p>
      )}
      {mayEdit ? (
        <Button size="small" onClick={ask}>
          {error ? 'Try again' : 'Compare splits'}
        </Button>
      ) : null}
    </div>
  );
}

function Report({
  report,
  versionId,
  profile,
  edits,
  mayEdit,
  onVersion,
}: SplitsCardProps & { readonly report: SplitReport }) {
  const findings = findingsOf(report);
  const quiet = findings.every(({ severity }) => severity === 'info');
  return (
    <>
      <p className="px-4 pt-2 text-label text-muted">
        {report.score === null || quiet ? quietWords(report) : null}
        {report.score === null
          ? null
          : ` A quick model scores ${metricLabel(report.metric)} ${report.score.toFixed(2)} on ${plural(report.looked, 'row')} dealt at random.`}
        {report.cut ? ' Time ran out before everything was tried.' : null}
      </p>
      <ul className="max-h-[30rem] divide-y divide-line overflow-y-auto px-4 pb-1">
        {findings.map((finding) => (
          <Finding
            key={finding.key}
            severity={finding.severity}
            text={finding.text}
            action={
              mayEdit && (finding.ignore !== null || finding.leaveOut.length > 0) ? (
                <Fix finding={finding} versionId={versionId} profile={profile} edits={edits} onVersion={onVersion} />
              ) : null
            }
          />
        ))}
      </ul>
    </>
  );
}

function Fix({
  finding: { ignore, leaveOut },
  versionId,
  profile,
  edits,
  onVersion,
}: Pick<SplitsCardProps, 'versionId' | 'profile' | 'edits' | 'onVersion'> & { readonly finding: FindingWords }) {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const exclude = useMutation(
    trpc.dataset.excludeRows.mutationOptions({
      onSuccess: async () => {
        onVersion(null);
        await cache.invalidateQueries(trpc.dataset.pathFilter());
      },
      onError: (error) => showToast({ title: 'No version was made', description: errorText(error), tone: 'bad' }),
    }),
  );
  const column = profile.columns.find(({ name }) => name === ignore);
  if (column) return <FixType column={column} type="ignore" label={`Ignore ${column.name}`} edits={edits} />;
  return (
    <Button size="small" busy={exclude.isPending} onClick={() => exclude.mutate({ versionId, rows: [...leaveOut] })}>
      Leave out {plural(leaveOut.length, 'copy', 'copies')}
    </Button>
  );
}
