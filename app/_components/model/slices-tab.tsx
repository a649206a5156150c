'use client';
/** Where the model is worse than elsewhere: groups of rows in plain words, the most costly first. */
import type { SliceReport } from '#core/contracts/insights.ts';
import { formatPercent } from '../../_lib/format.ts';
import { Empty } from '../ui/index.ts';
import { InsightsFrame } from './insights-frame.tsx';
import { differenceWords, partWords, reportWords, sliceWords } from './slice-words.ts';

export function SlicesTab({ modelId }: { readonly modelId: string }) {
  return (
    <InsightsFrame modelId={modelId} about="Groups of rows whose predictions are worse than all others are looked for.">
      {({ slices }) => <SliceList report={slices} />}
    </InsightsFrame>
  );
}

function SliceList({ report }: { readonly report: SliceReport }) {
  const { measure, slices } = report;
  if (slices.length === 0) return <Empty title="No weak spot stands out">{reportWords(report)}</Empty>;
  const most = Math.max(...slices.map(({ error }) => error));
  return (
    <>
      <p className="max-w-prose px-4 pt-3 text-label text-muted">{reportWords(report)}</p>
      <ol aria-label="Weak spots" className="mt-2 divide-y divide-line border-t border-line">
        {slices.map((slice) => (
          <li
            key={slice.terms.map(({ column, part }) => `${column} ${partWords(part)}`).join()}
            className="grid grid-cols-1 gap-x-6 gap-y-1.5 px-4 py-2.5 text-table md:grid-cols-[minmax(0,1fr)_14rem]"
          >
            <div className="min-w-0">
              <p className="font-medium break-words">
                {slice.terms.map(({ column, part }, i) => (
                  <span key={column}>
                    {i > 0 ? <span className="font-normal text-muted"> and </span> : null}
                    {column} <span className="font-normal">{partWords(part)}</span>
                  </span>
                ))}
              </p>
              <p className="text-muted">{sliceWords(measure, slice)}</p>
            </div>
            <div className="flex flex-col justify-center gap-1.5">
              <TwoBars here={slice.error / most} elsewhere={slice.elsewhere / most} />
              <p className="text-label text-muted">
                {differenceWords(measure, slice)} · {formatPercent(slice.excess)} of all errors
              </p>
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}

/** The error here above the error elsewhere; the words beside say both. */
function TwoBars({ here, elsewhere }: { readonly here: number; readonly elsewhere: number }) {
  return (
    <span aria-hidden className="flex flex-col gap-0.5">
      <span className="block h-1.5 rounded-full bg-ink" style={{ width: `${100 * here}%` }} />
      <span className="block h-1.5 rounded-full bg-bar" style={{ width: `${100 * elsewhere}%` }} />
    </span>
  );
}
