'use client';
/** A choice between two to five short options, all visible. */
import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import type { ReactNode } from 'react';
import { cx } from '../../_lib/cx.ts';

export interface SegmentedProps<Value extends string> {
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly options: readonly { readonly value: Value; readonly label: ReactNode; readonly disabled?: boolean }[];
  readonly label: string;
  readonly disabled?: boolean;
  readonly className?: string;
}

export function Segmented<Value extends string>(props: SegmentedProps<Value>) {
  const { value, onChange, options, label, disabled, className } = props;
  return (
    <RadioGroup
      aria-label={label}
      value={value}
      onValueChange={(next) => onChange(next as Value)}
      disabled={disabled}
      className={cx('inline-flex max-w-full flex-wrap gap-0.5 rounded-md border border-line bg-sunk p-0.5', className)}
    >
      {options.map((option) => (
        <Radio.Root
          key={option.value}
          value={option.value}
          disabled={option.disabled}
          className="inline-flex h-6.5 items-center rounded-sm border border-transparent px-2.5 text-table text-muted select-none hover:text-ink data-checked:border-line-strong data-checked:bg-panel data-checked:font-medium data-checked:text-ink data-disabled:opacity-50"
        >
          {option.label}
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
