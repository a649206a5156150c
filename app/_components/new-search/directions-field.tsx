'use client';
/** Columns along which predictions may only rise or only fall: knowledge that the data alone do not hold. */
import { X } from 'lucide-react';
import { Button, Field, Segmented, Select } from '../ui/index.ts';
import { mayHaveDirection } from './form-state.ts';
import type { FormPartProps } from './target-section.tsx';

const directions = [
  { value: 'up', label: 'only rises' },
  { value: 'down', label: 'only falls' },
] as const;

export function DirectionsField({ values, profile, set }: Omit<FormPartProps, 'reason'>) {
  const { monotone } = values;
  const columns = profile.columns.filter((column) => mayHaveDirection(column, values, profile.columns));
  const free = columns.filter(({ name }) => !(name in monotone));
  if (columns.length === 0) return null;
  const give = (name: string, direction: 1 | -1) => set({ monotone: { ...monotone, [name]: direction } });
  const what =
    values.kind === 'regression'
      ? 'The prediction'
      : `The probability of ${values.positiveClass ?? 'the positive class'}`;
  return (
    <div className="flex flex-col gap-1.5">
      <Field
        label="Directions"
        help={`${what} then only rises, or only falls, along the column. Only boosted trees can promise that, so nothing else is trained.`}
        className="max-w-field"
      >
        <Select
          value={null}
          placeholder={free.length > 0 ? 'Add a column' : 'Every column of numbers has one'}
          disabled={free.length === 0}
          onChange={(name) => give(name, 1)}
          options={free.map(({ name }) => ({ value: name, label: name }))}
        />
      </Field>
      {Object.entries(monotone).map(([name, direction]) => (
        <div key={name} className="flex flex-wrap items-center gap-2">
          <span className="max-w-field truncate text-table" title={name}>
            {name}
          </span>
          <Segmented
            label={`Direction along ${name}`}
            value={direction === 1 ? 'up' : 'down'}
            onChange={(next) => give(name, next === 'up' ? 1 : -1)}
            options={directions}
          />
          <Button
            tone="quiet"
            size="icon-small"
            aria-label={`Let predictions go either way along ${name}`}
            onClick={() => {
              const { [name]: _, ...rest } = monotone;
              set({ monotone: rest });
            }}
          >
            <X aria-hidden className="size-4" />
          </Button>
        </div>
      ))}
    </div>
  );
}
