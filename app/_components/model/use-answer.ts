'use client';
/** Predicts the form's row whenever it changes, with what each changed column does to the answer. */
import { useDeferredValue, useEffect, useState } from 'react';
import type { ModelView } from '#core/contracts/views.ts';
import type { Predictions } from '#core/serve/predictions.ts';
import { errorText } from '../../_lib/trpc.tsx';
import { type Effect, effectsOf, probeRows } from './explain-row.ts';
import { type FormRow, rawRow } from './playground-fields.tsx';
import type { BrowserModel } from './use-browser-model.ts';

export interface Answered {
  readonly predictions: Predictions;
  readonly effects: readonly Effect[];
  /** Index of the class whose probability the effects speak of. */
  readonly shownClass: number;
}

export function useAnswer({ model, browser, form, usual }: AnswerProps): {
  answer: Answered | null;
  error: string | null;
} {
  const [state, setState] = useState<{ answer: Answered | null; error: string | null }>({ answer: null, error: null });
  const { columns, positiveClass } = model.metadata;
  const deferred = useDeferredValue(form);
  const { client } = browser;
  useEffect(() => {
    if (!client) return;
    let stale = false;
    const inputs = columns.map((column) => column.input);
    const { rows, changed } = probeRows(rawRow(columns, deferred), rawRow(columns, usual), inputs);
    client.call({ kind: 'predict', rows }).then(
      (predictions) => {
        if (stale) return;
        const names = changed.map((input) => columns.find((column) => column.input === input)?.name ?? input);
        if (predictions.kind === 'regression') {
          const values = Array.from(predictions.values);
          const scale = Math.abs(values[0] ?? 1) || 1;
          setState({ answer: { predictions, effects: effectsOf(values, names, scale), shownClass: 0 }, error: null });
          return;
        }
        const width = predictions.classes.length;
        const winner = predictions.classes.indexOf(predictions.labels[0] ?? '');
        const positive = positiveClass ? predictions.classes.indexOf(positiveClass) : -1;
        const shownClass = Math.max(0, width === 2 && positive >= 0 ? positive : winner);
        const outputs = rows.map((_, row) => predictions.probabilities[row * width + shownClass] ?? Number.NaN);
        setState({ answer: { predictions, effects: effectsOf(outputs, names, 1), shownClass }, error: null });
      },
      (error: unknown) => {
        if (!stale) setState({ answer: null, error: errorText(error) });
      },
    );
    return () => {
      stale = true;
    };
  }, [client, columns, deferred, usual, positiveClass]);
  return state;
}

export interface AnswerProps {
  readonly model: ModelView;
  readonly browser: BrowserModel;
  readonly form: FormRow;
  readonly usual: FormRow;
}
