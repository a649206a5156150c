'use client';
/** Explains the row that was answered, as soon as it rests: each column's contribution against golden rows. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { ModelView, Report } from '#core/contracts/views.ts';
import { type Player, playersOf } from '#core/explain/columns.ts';
import type { Explanation } from '#core/explain/shapley.ts';
import { useTRPC } from '../../_lib/trpc.tsx';
import { rawRow } from './playground-fields.tsx';
import type { Answered } from './use-answer.ts';
import type { BrowserModel } from './use-browser-model.ts';

/** A pause of typing. */
const restMs = 250;
/** Large ensembles of wide tables are explained against fewer rows. */
const mostMs = 3000;

export interface Explained extends Explanation {
  readonly players: readonly Player[];
}

export interface ExplanationState {
  /** Of the newest row that was explained; the one before stays while the next is worked out. */
  readonly explained: Explained | null;
  readonly busy: boolean;
}

export function useExplanation(
  model: ModelView,
  browser: BrowserModel,
  answer: Answered | null,
  importance: Report['importance'],
): ExplanationState {
  const trpc = useTRPC();
  const { client } = browser;
  const { data: golden } = useQuery(
    trpc.model.golden.queryOptions({ id: model.id }, { enabled: client !== null, staleTime: Number.POSITIVE_INFINITY }),
  );
  const { columns } = model.metadata;
  const background = useMemo(
    () => (golden ? golden.rows.filter((_, i) => golden.reasons[i] === 'sampled') : []),
    [golden],
  );
  const players = useMemo(
    () =>
      playersOf(
        columns,
        importance.map(({ column }) => column),
      ),
    [columns, importance],
  );
  const [state, setState] = useState<ExplanationState>({ explained: null, busy: false });
  useEffect(() => {
    if (!client || !answer || background.length === 0) return;
    let stale = false;
    setState(({ explained }) => ({ explained, busy: true }));
    const rest = setTimeout(() => {
      const question = {
        row: rawRow(columns, answer.form),
        background,
        players: players.map(({ inputs }) => inputs),
      };
      const request = { kind: 'explain', question, shown: answer.shownClass, milliseconds: mostMs } as const;
      client.call(request).then(
        (explanation) => {
          if (!stale && explanation) setState({ explained: { ...explanation, players }, busy: false });
        },
        // The answer itself says what is wrong with the runtime.
        () => {
          if (!stale) setState({ explained: null, busy: false });
        },
      );
    }, restMs);
    return () => {
      stale = true;
      clearTimeout(rest);
      void client.call({ kind: 'cancel', what: 'explain' }).catch(() => undefined);
    };
  }, [client, answer, background, columns, players]);
  return state;
}
