'use client';
/** Which rows judge: how rows are kept apart, and where the sealed test comes from. */
import { useQuery } from '@tanstack/react-query';
import type { SplitPolicy } from '#core/contracts/task.ts';
import { useTRPC } from '../../_lib/trpc.tsx';
import { SplitAdvice } from '../splits/split-advice.tsx';
import { useSplits } from '../splits/use-splits.ts';
import { Field, Segmented, Select } from '../ui/index.ts';
import { Section } from './section.tsx';
import type { FormPartProps } from './target-section.tsx';

const fractions = [0.1, 0.2, 0.3, 0.4];

export interface SplitSectionProps extends FormPartProps {
  readonly projectId: string;
  readonly versionId: string;
  readonly mayEdit: boolean;
}

export function SplitSection({ values, profile, set, reason, projectId, versionId, mayEdit }: SplitSectionProps) {
  const trpc = useTRPC();
  const datasets = useQuery(trpc.dataset.list.queryOptions({ projectId }));
  const { split, target, kind, testVersionId } = values;
  const splits = useSplits({ versionId, target, kind, testVersionId }, mayEdit);
  // What was measured says more than what headers suggest.
  const asked = splits.page?.report?.questions.some((question) => question.matters) ?? false;
  const others = profile.columns.filter((column) => column.name !== values.target);
  const dates = others.filter((column) => column.type === 'date' || column.type === 'number');
  const choose = (way: SplitPolicy['kind']) => {
    if (way === 'random') set({ split: { kind: way } });
    if (way === 'group' && others[0]) set({ split: { kind: way, groupColumn: others[0].name } });
    if (way === 'time' && dates[0]) set({ split: { kind: way, timeColumn: dates[0].name } });
  };
  const files = (datasets.data ?? []).filter(
    (one) => one.latest?.state === 'ready' && one.latest.versionId !== versionId,
  );
  const listed = (columns: typeof others) => columns.map(({ name }) => ({ value: name, label: name }));
  return (
    <Section step={4} title="Split" reason={asked ? undefined : reason}>
      <Segmented
        label="Split"
        className="self-start"
        value={split.kind}
        onChange={choose}
        options={[
          { value: 'random', label: values.kind === 'classification' ? 'Random, stratified' : 'Random' },
          { value: 'group', label: 'By group', disabled: others.length === 0 },
          { value: 'time', label: 'By time', disabled: dates.length === 0 },
        ]}
      />
      {split.kind === 'group' ? (
        <Field label="Group column" help="Rows of one group never stand on both sides." className="max-w-field">
          <Select
            value={split.groupColumn}
            onChange={(groupColumn) => set({ split: { kind: 'group', groupColumn } })}
            options={listed(others)}
          />
        </Field>
      ) : null}
      {split.kind === 'time' ? (
        <Field
          label="Time column"
          help="The latest rows judge; training never sees the future."
          className="max-w-field"
        >
          <Select
            value={split.timeColumn}
            onChange={(timeColumn) => set({ split: { kind: 'time', timeColumn } })}
            options={listed(dates)}
          />
        </Field>
      ) : null}
      <SplitAdvice key={target} splits={splits} split={split} onTake={(taken) => set({ split: taken })} />
      <Field label="Sealed test" help="Read once, at the very end; no design ever sees it." className="max-w-field">
        <Select
          value={values.testVersionId ?? String(values.testFraction)}
          onChange={(value) =>
            fractions.some((one) => String(one) === value)
              ? set({ testFraction: Number(value), testVersionId: null })
              : set({ testVersionId: value })
          }
          options={[
            ...fractions.map((value) => ({
              value: String(value),
              label: `split off ${Math.round(100 * value)} % of the rows`,
            })),
            ...files.map((one) => ({
              value: one.latest?.versionId ?? '',
              label: one.name,
              note: `separate test file, v${one.latest?.number}`,
            })),
          ]}
        />
      </Field>
    </Section>
  );
}
