/** Which designs the file holds: how much each counts, how good it is alone, and what is lost without it. */
import Link from 'next/link';
import type { ModelView, Report } from '#core/contracts/views.ts';
import { formatPercent, formatScore, metricLabel, significant } from '../../_lib/format.ts';
import { routes } from '../../_lib/routes.ts';
import { Bar, Empty, Table, Td, Th } from '../ui/index.ts';

type Member = NonNullable<Report['members']>[number];

export interface MembersTabProps {
  readonly model: ModelView;
  readonly report: Report | undefined;
}

export function MembersTab({ model, report }: MembersTabProps) {
  // Reports of older models do not list them.
  const members: readonly (Omit<Member, 'trial' | 'score' | 'loss'> & Partial<Member>)[] =
    report?.members ?? [...(model.result.model?.members ?? [])].sort((a, b) => b.weight - a.weight);
  if (members.length === 0) return <Empty title="No members are recorded for this model" />;
  const search = routes.search(model.projectId, model.searchId);
  const name = metricLabel(model.metric);
  const ensemble = model.result.scores.validation;
  const timely = members.length < 2 || members.every(({ loss }) => loss);
  return (
    <>
      <Table
        label="Members"
        head={
          <>
            <Th end>Trial</Th>
            <Th>Design</Th>
            <Th>Weight</Th>
            <Th end>{name} alone</Th>
            <Th end>Lost without it</Th>
          </>
        }
      >
        {members.map((member) => (
          <tr key={`${member.trial} ${member.learner} ${member.design}`}>
            <Td end className="w-16">
              {member.trial === undefined ? '–' : <Link href={`${search}?trial=${member.trial}`}>{member.trial}</Link>}
            </Td>
            <Td className="max-w-52 truncate">
              <span title={member.design}>{member.design || member.learner}</span>
            </Td>
            <Td className="w-36 min-w-28">
              <span className="grid grid-cols-[1fr_2.75rem] items-center gap-2">
                <Bar value={member.weight} />
                <span className="text-right">{formatPercent(member.weight)}</span>
              </span>
            </Td>
            <Td end>{member.score === undefined ? '–' : formatScore(member.score)}</Td>
            <Td end>{member.loss ? <Loss loss={member.loss} /> : '–'}</Td>
          </tr>
        ))}
        {report?.members && ensemble ? (
          <tr>
            <Td />
            <Td className="font-medium">All together</Td>
            <Td />
            <Td end className="font-medium">
              {formatScore(ensemble.value)}
            </Td>
            <Td />
          </tr>
        ) : null}
      </Table>
      {report?.members ? (
        <p className="max-w-prose px-4 pt-2 pb-3 text-label text-muted">
          {name} on rows that no model had seen ({model.direction === 'maximize' ? 'higher' : 'lower'} is better). Lost
          without it: by how much the others together are worse, with its 95 % interval. Below zero they would be
          better.{timely ? null : ' There was no time left to measure it for all.'}
        </p>
      ) : null}
    </>
  );
}

function Loss({ loss: { value, low, high } }: { readonly loss: NonNullable<Member['loss']> }) {
  const say = (one: number) => `${one < 0 ? '−' : ''}${significant(Math.abs(one), 2)}`;
  return (
    <>
      <span className={low <= 0 && high >= 0 ? 'text-muted' : undefined}>{say(value)}</span>
      <span className="ml-2 text-label text-muted">
        {say(low)} to {say(high)}
      </span>
    </>
  );
}

/** Every metric of the task's kind on both parts. */
export function ScoresTab({ report }: { readonly report: Report }) {
  const names = [...new Set([...Object.keys(report.scores.test), ...Object.keys(report.scores.validation)])];
  const cell = (value: number | undefined) => (value === undefined ? '–' : formatScore(value));
  return (
    <Table
      label="All metrics"
      head={
        <>
          <Th>Metric</Th>
          <Th end>Validation</Th>
          <Th end>Sealed test</Th>
        </>
      }
    >
      {names.map((name) => (
        <tr key={name}>
          <Td className={name === report.metric ? 'font-medium' : undefined}>
            {metricLabel(name)}
            {name === report.metric ? <span className="font-normal text-muted"> · searched for</span> : null}
          </Td>
          <Td end>{cell(report.scores.validation[name])}</Td>
          <Td end>{cell(report.scores.test[name])}</Td>
        </tr>
      ))}
    </Table>
  );
}
