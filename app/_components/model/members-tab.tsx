/** Which designs the file holds, and how much each counts. */
import type { ModelView, Report } from '#core/contracts/views.ts';
import { formatPercent, formatScore, metricLabel } from '../../_lib/format.ts';
import { Bar, Empty, Table, Td, Th } from '../ui/index.ts';

export function MembersTab({ model }: { readonly model: ModelView }) {
  const members = [...(model.result.model?.members ?? [])].sort((a, b) => b.weight - a.weight);
  if (members.length === 0) return <Empty title="No members are recorded for this model" />;
  return (
    <Table
      label="Members"
      head={
        <>
          <Th>Learner</Th>
          <Th>Design</Th>
          <Th>Weight</Th>
        </>
      }
    >
      {members.map((member) => (
        <tr key={`${member.learner} ${member.design}`}>
          <Td>{member.learner}</Td>
          <Td className="max-w-96 truncate text-muted">{member.design}</Td>
          <Td className="w-48">
            <span className="grid grid-cols-[1fr_3rem] items-center gap-2">
              <Bar value={member.weight} />
              <span className="text-right">{formatPercent(member.weight)}</span>
            </span>
          </Td>
        </tr>
      ))}
    </Table>
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
