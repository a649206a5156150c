'use client';
/** What was run, on what, with what result; and which runtimes agreed. */
import type { ModelView, SearchView } from '#core/contracts/views.ts';
import { formatCount, formatDuration, formatHash, plural, significant } from '../../_lib/format.ts';
import type { RouterOutputs } from '../../_lib/trpc.tsx';
import { Code } from '../facts.tsx';
import { Chip, Table, Td, Th, Time } from '../ui/index.ts';
import { latencyWords } from './check-panel.tsx';

export interface ReceiptsTabProps {
  readonly model: ModelView;
  readonly search: SearchView | undefined;
}

export function ReceiptsTab({ model, search }: ReceiptsTabProps) {
  const { result } = model;
  const request = search?.request;
  const split = request
    ? request.split.kind === 'random'
      ? `random${model.kind === 'classification' ? ', stratified' : ''}`
      : request.split.kind === 'group'
        ? `by groups of ${request.split.groupColumn}`
        : `by time in ${request.split.timeColumn}`
    : '';
  const rows: { what: string; text: string; value: string; title?: string }[] = [
    {
      what: 'Data',
      text: search
        ? `${search.datasetName} v${search.versionNumber}${search.rows === null ? '' : ` · ${formatCount(search.rows)} rows`}`
        : '',
      value: `target ${model.target}`,
    },
    {
      what: 'Split',
      text: request
        ? `${split}, seed ${result.seed} · test ${request.testVersionId ? 'from its own file' : `${Math.round(100 * request.testFraction)} %`}, sealed`
        : `seed ${result.seed}`,
      value: model.testLooks === 1 ? 'read 1 time' : `read ${model.testLooks} times`,
    },
    {
      what: 'Search',
      text: `${plural(result.trials.done, 'trial')} finished, ${result.trials.failed} failed, ${result.trials.reused} reused`,
      value: formatDuration(result.seconds.total),
    },
    {
      what: 'Time',
      text: `search ${formatDuration(result.seconds.search)} · finalise ${formatDuration(result.seconds.finalise)} · verify ${formatDuration(result.seconds.verify)}`,
      value: result.seconds.firstUsable === null ? '' : `usable after ${formatDuration(result.seconds.firstUsable)}`,
    },
    { what: 'File', text: 'model.onnx', value: `sha256 ${formatHash(model.sha256)}`, title: model.sha256 },
    {
      what: 'Receipt',
      text: 'hash-linked record of all of this, inside the file and the bundle',
      value: result.receipt ? `sha256 ${formatHash(result.receipt)}` : '',
      ...(result.receipt ? { title: result.receipt } : {}),
    },
  ];
  return (
    <Table
      label="Receipts"
      head={
        <>
          <Th>What</Th>
          <Th>How</Th>
          <Th end>Record</Th>
        </>
      }
    >
      {rows.map((row) => (
        <tr key={row.what}>
          <Td>{row.what}</Td>
          <Td className="text-muted">{row.text}</Td>
          <Td end>
            <Code title={row.title}>{row.value}</Code>
          </Td>
        </tr>
      ))}
    </Table>
  );
}

export interface RuntimesTabProps {
  readonly model: ModelView;
  readonly checks: RouterOutputs['model']['checks'];
}

const Verdict = ({ pass }: { readonly pass: boolean }) => (
  <Chip tone={pass ? 'good' : 'bad'}>{pass ? 'agrees' : 'differs'}</Chip>
);

export function RuntimesTab({ model, checks }: RuntimesTabProps) {
  return (
    <Table
      label="Runtimes"
      head={
        <>
          <Th>Runtime</Th>
          <Th>Where</Th>
          <Th end>Golden rows</Th>
          <Th end>Largest difference</Th>
          <Th end>Changed labels</Th>
          <Th end>One row</Th>
          <Th>Verdict</Th>
          <Th end>When</Th>
        </>
      }
    >
      {model.verification.map((one) => (
        <tr key={one.runtime}>
          <Td>{one.runtime}</Td>
          <Td className="text-muted">server</Td>
          <Td end>{formatCount(one.rows)}</Td>
          <Td end>
            <Code>{significant(one.maxAbsDiff, 2)}</Code>
          </Td>
          <Td end>{one.labelFlips}</Td>
          <Td end className="text-muted">
            –
          </Td>
          <Td>
            <Verdict pass={one.pass} />
          </Td>
          <Td end className="text-muted">
            <Time value={model.createdAt} />
          </Td>
        </tr>
      ))}
      {checks.map((one) => (
        <tr key={one.id}>
          <Td>{one.runtime}</Td>
          <Td className="text-muted">
            {one.browser}, {plural(one.threads, 'thread')}
          </Td>
          <Td end>{formatCount(one.rows)}</Td>
          <Td end>
            <Code>{significant(one.maxAbsDiff, 2)}</Code>
          </Td>
          <Td end>{one.labelFlips}</Td>
          <Td end>{latencyWords(one.oneRowMs, one.batch128Ms)}</Td>
          <Td>
            <Verdict pass={one.pass} />
          </Td>
          <Td end className="text-muted">
            <Time value={one.createdAt} />
          </Td>
        </tr>
      ))}
    </Table>
  );
}
