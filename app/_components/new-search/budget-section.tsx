'use client';
/** How long it may take in all: reading, searching, building and checking the model. */
import { useEffect, useState } from 'react';
import { budgetSchema } from '#core/contracts/task.ts';
import { formatDuration } from '../../_lib/format.ts';
import { Field, Input, Segmented } from '../ui/index.ts';
import { type FormValues, parseBudget } from './form-state.ts';
import { Section } from './section.tsx';

const presets = [20, 60, 120, 300, 900, 3600];

export interface BudgetSectionProps {
  readonly values: FormValues;
  readonly set: (values: Partial<FormValues>) => void;
  readonly reason: string | undefined;
}

export function BudgetSection({ values, set, reason }: BudgetSectionProps) {
  const { budgetSeconds } = values;
  const [text, setText] = useState(`${budgetSeconds} s`);
  useEffect(() => {
    setText((now) => (parseBudget(now) === budgetSeconds ? now : `${budgetSeconds} s`));
  }, [budgetSeconds]);
  const parsed = parseBudget(text);
  const error =
    parsed === null || !budgetSchema.safeParse(parsed).success
      ? `"${text}" is not a time from 10 s to 24 h. Write 90 s, 5 m or 1 h.`
      : null;
  return (
    <Section step={5} title="Budget" reason={reason}>
      <div className="flex flex-wrap items-start gap-3">
        <Segmented
          label="Budget"
          value={String(budgetSeconds)}
          onChange={(value) => {
            setText(`${value} s`);
            set({ budgetSeconds: Number(value) });
          }}
          options={presets.map((seconds) => ({
            value: String(seconds),
            label: formatDuration(seconds === 120 ? 120 : seconds),
          }))}
        />
        <Field label="Other budget, for example 90 s, 5 m or 1 h" labelHidden error={error} className="w-28">
          <Input
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              const seconds = parseBudget(event.target.value);
              if (seconds !== null && budgetSchema.safeParse(seconds).success) set({ budgetSeconds: seconds });
            }}
          />
        </Field>
      </div>
      <p className="text-label text-muted">
        Covers everything: reading, search, ensemble, export and verification. A usable model is there within the first
        tenth.
      </p>
    </Section>
  );
}
