'use client';
/** Lends this tab to a running search: it trains candidates here, and the server scores them. */
import { useState } from 'react';
import type { SearchView } from '#core/contracts/views.ts';
import { Button, Card, CardBody, CardHead, LiveDot, Notice, Segmented, Separator } from '../../ui/index.ts';
import { LendProgress } from './lend-progress.tsx';
import { LendResults } from './lend-results.tsx';
import { type LendEngine, plainEngine, useLend } from './use-lend.ts';

const takesTrials: readonly SearchView['state'][] = ['queued', 'starting', 'searching', 'pausing', 'paused'];

const engineKey = ({ backend, threads }: LendEngine) => `${backend} ${threads}`;
const engineWords = ({ backend, threads }: LendEngine) =>
  backend === 'webgpu' ? 'WebGPU' : threads === 1 ? '1 thread' : `${threads} threads`;

export function LendCard({ view }: { readonly view: Pick<SearchView, 'id' | 'state' | 'metric'> }) {
  const lend = useLend(view.id);
  const [engine, setEngine] = useState(plainEngine);
  const { state, active } = lend;
  const open = takesTrials.includes(view.state);
  const results = state?.results ?? [];
  if (!open && !active && results.length === 0 && !lend.error) return null;
  return (
    <Card label="Lend this tab">
      <CardHead
        title={
          active ? (
            <span className="inline-flex items-center gap-2">
              <LiveDot /> This tab is lent
            </span>
          ) : (
            'Lend this tab'
          )
        }
      >
        {active ? (
          <Button size="small" onClick={lend.stop} busy={lend.stopping}>
            Stop lending
          </Button>
        ) : null}
      </CardHead>
      <CardBody>
        {active ? (
          state ? (
            <LendProgress state={state} />
          ) : (
            <p className="text-table text-muted">Starting.</p>
          )
        ) : (
          <>
            {lend.error ? (
              <Notice tone="bad" className="mb-3" title="This tab could not be lent">
                {lend.error}
              </Notice>
            ) : state?.note ? (
              <p role="status" className="mb-2 text-table">
                {state.note}
              </p>
            ) : null}
            {open ? (
              <>
                <p className="text-table text-muted">
                  Your browser can train candidates beside the workers. It fetches the prepared training rows, never the
                  sealed test, and the server scores what it sends back.
                </p>
                <Button
                  className="mt-3"
                  onClick={() => lend.start(engine)}
                  disabled={view.state === 'queued' || view.state === 'starting'}
                >
                  Lend this tab
                </Button>
                {lend.engines.length > 1 ? (
                  <div className="mt-3 flex flex-wrap items-center gap-x-2.5 gap-y-1.5">
                    <span aria-hidden className="text-label text-muted">
                      Networks train on
                    </span>
                    <Segmented
                      label="Networks train on"
                      value={engineKey(engine)}
                      onChange={(key) => setEngine(lend.engines.find((one) => engineKey(one) === key) ?? plainEngine)}
                      options={lend.engines.map((one) => ({ value: engineKey(one), label: engineWords(one) }))}
                    />
                  </div>
                ) : null}
              </>
            ) : null}
          </>
        )}
        {results.length > 0 ? (
          <>
            <Separator />
            <LendResults results={results} metric={view.metric} />
          </>
        ) : null}
        {active ? (
          <p className="mt-3 text-label text-muted">
            {state ? `${state.device}. ` : ''}It goes on in the background and ends with this page.
          </p>
        ) : null}
      </CardBody>
    </Card>
  );
}
