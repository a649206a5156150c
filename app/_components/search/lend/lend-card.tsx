'use client';
/** Lends this tab to a running search: it trains candidates here, and the server scores them. */
import { useState } from 'react';
import type { SearchView } from '#core/contracts/views.ts';
import type { Backend } from '../../../_browser/ort.ts';
import { Button, Card, CardBody, CardHead, LiveDot, Notice, Segmented, Separator } from '../../ui/index.ts';
import { LendProgress } from './lend-progress.tsx';
import { LendResults } from './lend-results.tsx';
import { useLend } from './use-lend.ts';

const takesTrials: readonly SearchView['state'][] = ['queued', 'starting', 'searching', 'pausing', 'paused'];

export function LendCard({ view }: { readonly view: Pick<SearchView, 'id' | 'state' | 'metric'> }) {
  const lend = useLend(view.id);
  const [backend, setBackend] = useState<Backend>('wasm');
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
                <div className="mt-3 flex flex-wrap items-center gap-2">
                  <Button
                    onClick={() => lend.start(backend)}
                    disabled={view.state === 'queued' || view.state === 'starting'}
                  >
                    Lend this tab
                  </Button>
                  {lend.webGpu ? (
                    <Segmented
                      label="Networks train on"
                      value={backend}
                      onChange={setBackend}
                      options={[
                        { value: 'wasm', label: 'WASM' },
                        { value: 'webgpu', label: 'WebGPU' },
                      ]}
                    />
                  ) : null}
                </div>
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
