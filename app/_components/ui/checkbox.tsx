'use client';
import { Checkbox as BaseCheckbox } from '@base-ui/react/checkbox';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';

export interface CheckboxProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ReactNode;
  readonly disabled?: boolean;
  readonly name?: string;
}

/** A box with its label; the whole line is the target. */
export function Checkbox({ checked, onChange, children, disabled, name }: CheckboxProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: Base UI renders the control inside this label
    <label className="flex min-h-6 items-start gap-2 text-table">
      <BaseCheckbox.Root
        name={name}
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        className="mt-px flex size-4 shrink-0 items-center justify-center rounded-sm border border-control bg-panel data-checked:border-ink data-checked:bg-ink"
      >
        <BaseCheckbox.Indicator className="text-canvas">
          <Check aria-hidden className="size-3" strokeWidth={3} />
        </BaseCheckbox.Indicator>
      </BaseCheckbox.Root>
      <span>{children}</span>
    </label>
  );
}
