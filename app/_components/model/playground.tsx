'use client';
/** Try the model on one row: the form is made from the file, the answer comes from this page. */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ModelView, Report } from '#core/contracts/views.ts';
import { Button, Card, CardHead, Chip, Separator } from '../ui/index.ts';
import { Answer } from './answer.tsx';
import { FieldRow, type FormRow, typicalRow } from './playground-fields.tsx';
import { PredictFile } from './predict-file.tsx';
import type { BrowserModel } from './use-browser-model.ts';

const firstFields = 6;

export interface PlaygroundProps {
  readonly model: ModelView;
  readonly browser: BrowserModel;
  readonly importance: Report['importance'];
}

export function Playground({ model, browser, importance }: PlaygroundProps) {
  const { columns } = model.metadata;
  const usual = useMemo(() => typicalRow(columns), [columns]);
  const [form, setForm] = useState<FormRow>(usual);
  const [all, setAll] = useState(false);
  const ordered = useMemo(() => {
    const weight = new Map(importance.map((one) => [one.column, one.value]));
    return [...columns].sort((a, b) => (weight.get(b.name) ?? 0) - (weight.get(a.name) ?? 0));
  }, [columns, importance]);
  const shown = all ? ordered : ordered.slice(0, firstFields);
  const frame = useLoadInView(browser);
  const changed = columns.some(({ input }) => form[input] !== usual[input]);
  return (
    <Card label="Try it here" className="self-start">
      <CardHead title="Try it here">
        <Chip>runs in this page</Chip>
      </CardHead>
      <div ref={frame} className="px-4 pt-3 pb-4">
        <div className="flex flex-col gap-2">
          {shown.map((column) => (
            <FieldRow
              key={column.input}
              column={column}
              value={form[column.input] ?? ''}
              onChange={(value) => setForm((now) => ({ ...now, [column.input]: value }))}
            />
          ))}
        </div>
        <div className="mt-2 flex flex-wrap items-center gap-2">
          {ordered.length > firstFields ? (
            <Button tone="quiet" size="small" className="-ml-2.5" aria-expanded={all} onClick={() => setAll(!all)}>
              {all ? 'Fewer columns' : `${ordered.length - firstFields} more columns at their usual value`}
            </Button>
          ) : null}
          {changed ? (
            <Button tone="quiet" size="small" className="ml-auto" onClick={() => setForm(usual)}>
              Reset
            </Button>
          ) : null}
        </div>
        <Separator />
        <Answer model={model} browser={browser} form={form} importance={importance} />
        <Separator />
        <PredictFile browser={browser} modelName={model.name} />
      </div>
    </Card>
  );
}

/** Starts loading once the card is on screen, unless the person asked for little data. */
function useLoadInView(browser: BrowserModel) {
  const frame = useRef<HTMLDivElement>(null);
  const { load, state } = browser;
  useEffect(() => {
    const element = frame.current;
    const saves = matchMedia('(prefers-reduced-data: reduce)').matches;
    if (!element || state !== 'idle' || saves) return;
    const watch = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) void load().catch(() => undefined);
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, [load, state]);
  return frame;
}
