'use client';
/** What few searches need: how designs are proposed, what may be leaned on, limits, the seed. */
import type { Profile } from '#core/contracts/dataset.ts';
import { strategyNames } from '#core/contracts/task.ts';
import { Checkbox, Field, Input, Segmented } from '../ui/index.ts';
import { DirectionsField } from './directions-field.tsx';
import type { FormValues } from './form-state.ts';

export interface MoreOptionsProps {
  readonly values: FormValues;
  readonly profile: Profile;
  readonly set: (next: Partial<FormValues>) => void;
}

const strategyWords = {
  default: {
    label: 'Portfolio, bank, then around the best',
    help: 'Designs that do well on most tables, those that did well on tables like this, then changes of the best found; a tenth of the time is drawn at random, to measure what the rest is worth.',
  },
  predictor: {
    label: 'With a model of the trials',
    help: 'As above, but after the first designs a model of all trials so far says which to try next. Worth a look from five minutes on.',
  },
  random: { label: 'Random', help: 'Every design is drawn at random: the baseline that others are measured against.' },
} as const;

const digits = (text: string) => Number(text.replaceAll(/\D/g, ''));

export function MoreOptions({ values, profile, set }: MoreOptionsProps) {
  const { strategy, prior, reuse, stopEarly, maxTrials, seed } = values;
  return (
    <details className="px-4 py-3 text-table">
      <summary className="cursor-pointer text-muted hover:text-ink">More options</summary>
      <div className="mt-3 flex flex-col gap-4">
        <div className="flex flex-col gap-1.5">
          <span className="text-label font-medium text-muted">Strategy</span>
          <Segmented
            label="Strategy"
            value={strategy}
            onChange={(next) => set({ strategy: next })}
            options={strategyNames.map((value) => ({ value, label: strategyWords[value].label }))}
          />
          <p className="max-w-prose text-label text-muted">{strategyWords[strategy].help}</p>
        </div>
        {strategy === 'random' ? null : (
          <div className="flex flex-col gap-1.5">
            <span className="text-label font-medium text-muted">Prior from the bank</span>
            <Segmented
              label="Prior from the bank"
              value={prior}
              onChange={(next) => set({ prior: next })}
              options={[
                { value: 'on', label: 'On' },
                { value: 'off', label: 'Off' },
              ]}
            />
          </div>
        )}
        <DirectionsField values={values} profile={profile} set={set} />
        <Checkbox checked={reuse} onChange={(next) => set({ reuse: next })}>
          Take over equal trials of earlier searches instead of training them again
        </Checkbox>
        <Checkbox checked={stopEarly} onChange={(next) => set({ stopEarly: next })}>
          End before the budget does, once half of all trials brought nothing better
        </Checkbox>
        <div className="flex flex-wrap gap-6">
          <Field label="Trials at most" help="Empty: as many as the budget allows." className="w-44">
            <Input
              inputMode="numeric"
              value={maxTrials === null ? '' : String(maxTrials)}
              onChange={(event) => {
                const count = digits(event.target.value);
                set({ maxTrials: count > 0 ? Math.min(100_000, count) : null });
              }}
            />
          </Field>
          <Field label="Seed" help="Same seed, same trials." className="w-32">
            <Input
              inputMode="numeric"
              value={String(seed)}
              onChange={(event) => set({ seed: Math.min(0xffff_ffff, digits(event.target.value)) })}
            />
          </Field>
        </div>
      </div>
    </details>
  );
}
