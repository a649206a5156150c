'use client';
/** Runs the browser check and shows how it went; the way to publishing leads through here. */
import { ShieldCheck } from 'lucide-react';
import { plural, significant } from '../../_lib/format.ts';
import { formatLatency } from '../../_lib/latency.ts';
import { Button, Notice, Progress, Table, Td, Th } from '../ui/index.ts';
import type { BrowserCheck, CheckOutcome } from './use-browser-check.ts';

export interface CheckPanelProps {
  readonly check: BrowserCheck;
  readonly passed: boolean;
  /** Null until the person's role is known. */
  readonly mayCheck: boolean | null;
}

export function CheckPanel({ check, passed, mayCheck }: CheckPanelProps) {
  const failed = check.outcomes.filter((outcome) => outcome.error !== null || outcome.verdict?.pass === false);
  if (passed && !check.busy && failed.length === 0 && !check.error) return null;
  return (
    <section aria-label="Browser check" className="mb-4 rounded-lg border border-line bg-panel p-4">
      {check.busy ? (
        <Progress
          label={check.step}
          value={check.progress ? check.progress.done / Math.max(1, check.progress.total) : null}
          end="nothing but raw outputs is sent"
        />
      ) : passed ? null : (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
          <ShieldCheck aria-hidden className="size-5 shrink-0 text-muted" />
          <div className="min-w-0 max-w-prose flex-1 basis-64">
            <p className="text-table font-medium">No browser has confirmed this model yet</p>
            <p className="text-table text-muted">
              The check runs the golden rows in this page and sends the raw outputs; the server compares. Publishing
              opens when they agree.
            </p>
          </div>
          {mayCheck ? (
            <Button tone="primary" className="ml-auto" onClick={() => void check.start()}>
              Run browser check
            </Button>
          ) : mayCheck === false ? (
            <span className="ml-auto text-table text-muted">An editor of this project can run it.</span>
          ) : null}
        </div>
      )}
      {check.error ? (
        <Notice tone="bad" className="mt-3" title="The check could not be run">
          {check.error}
        </Notice>
      ) : null}
      {failed.map((outcome) => (
        <FailedCheck key={outcome.runtime} outcome={outcome} />
      ))}
    </section>
  );
}

function FailedCheck({ outcome }: { readonly outcome: CheckOutcome }) {
  const { verdict } = outcome;
  if (!verdict) {
    return (
      <Notice tone="warn" className="mt-3" title={`${outcome.runtime} cannot run this model here`}>
        {outcome.error} It is not offered; the other runtimes are unaffected.
      </Notice>
    );
  }
  return (
    <div className="mt-3">
      <Notice tone="bad" title={`${outcome.runtime} disagrees with the trainer`}>
        Largest difference {significant(verdict.maxAbsDiff, 2)}, {plural(verdict.labelFlips, 'changed label')} in{' '}
        {plural(verdict.rows, 'row')}. Allowed are 1e-4 and no changed label.
      </Notice>
      <Table
        label={`What differed on ${outcome.runtime}`}
        head={
          <>
            <Th end>Golden row</Th>
            <Th>Output</Th>
            <Th end>Expected</Th>
            <Th end>Got</Th>
          </>
        }
      >
        {verdict.differences.map((difference) => (
          <tr key={`${difference.row} ${difference.output}`}>
            <Td end>{difference.row + 1}</Td>
            <Td>{difference.output}</Td>
            <Td end className="font-mono text-label">
              {difference.expected}
            </Td>
            <Td end className="font-mono text-label">
              {difference.got}
            </Td>
          </tr>
        ))}
      </Table>
    </div>
  );
}

/** `0.8 ms per row, 2.1 ms for 128` */
export function latencyWords(oneRowMs: number | null, batch128Ms: number | null): string {
  if (oneRowMs === null) return '–';
  const one = formatLatency(oneRowMs);
  return batch128Ms === null ? one : `${one}, 128 rows ${formatLatency(batch128Ms)}`;
}
