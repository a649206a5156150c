'use client';
/** Predicts the form's row whenever it changes. */
import { useDeferredValue, useEffect, useState } from 'react';
import type { ModelView } from '#core/contracts/views.ts';
import type { Predictions } from '#core/serve/predictions.ts';
import { errorText } from '../../_lib/trpc.tsx';
import { type FormRow, rawRow } from './playground-fields.tsx';
import type { BrowserModel } from './use-browser-model.ts';

export interface Answered {
  readonly predictions: Predictions;
  /** The row that was predicted. */
  readonly form: FormRow;
  /** Index of the class whose probability is shown and explained. */
  readonly shownClass: number;
}

export interface AnswerProps {
  readonly model: ModelView;
  readonly browser: BrowserModel;
  readonly form: FormRow;
}

export function useAnswer({ model, browser, form }: AnswerProps): { answer: Answered | null; error: string | null } {
  const [state, setState] = useState<{ answer: Answered | null; error: string | null }>({ answer: null, error: null });
  const { columns, positiveClass } = model.metadata;
  const deferred = useDeferredValue(form);
  const { client } = browser;
  useEffect(() => {
    if (!client) return;
    let stale = false;
    client.call({ kind: 'predict', rows: [rawRow(columns, deferred)] }).then(
      (predictions) => {
        if (stale) return;
        const shownClass = shownClassOf(predictions, positiveClass ?? null);
        setState({ answer: { predictions, form: deferred, shownClass }, error: null });
      },
      (error: unknown) => {
        if (!stale) setState({ answer: null, error: errorText(error) });
      },
    );
    return () => {
      stale = true;
    };
  }, [client, columns, deferred, positiveClass]);
  return state;
}

/** Of two classes the positive one, where it is known; else the one that is predicted. */
function shownClassOf(predictions: Predictions, positiveClass: string | null): number {
  if (predictions.kind === 'regression') return 0;
  const { classes, labels } = predictions;
  const positive = classes.length === 2 && positiveClass !== null ? classes.indexOf(positiveClass) : -1;
  return Math.max(0, positive >= 0 ? positive : classes.indexOf(labels[0] ?? ''));
}
