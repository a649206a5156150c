'use client';
/** A single choice. Inside `Field` it takes the field's label; lists too long to scan become searchable. */
import { Select as BaseSelect } from '@base-ui/react/select';
import { Check, ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../../_lib/cx.ts';
import { controlClass } from './field.tsx';
import { SearchSelect } from './search-select.tsx';

export interface SelectOption<Value extends string> {
  readonly value: Value;
  readonly label: ReactNode;
  /** Said under the label in the list only. */
  readonly note?: ReactNode;
  readonly disabled?: boolean;
}

export interface SelectProps<Value extends string> {
  readonly value: Value | null;
  readonly onChange: (value: Value) => void;
  readonly options: readonly SelectOption<Value>[];
  readonly placeholder?: string;
  readonly disabled?: boolean;
  readonly name?: string;
  /** `bare` looks like text in a table cell until pointed at. */
  readonly look?: 'control' | 'bare';
  readonly className?: string;
  readonly 'aria-label'?: string;
}

/** Longest list that one still scans by eye. */
const scanned = 40;

export function Select<Value extends string>(props: SelectProps<Value>) {
  return props.options.length > scanned && props.look !== 'bare' ? (
    <SearchSelect {...props} />
  ) : (
    <ShortSelect {...props} />
  );
}

function ShortSelect<Value extends string>(props: SelectProps<Value>) {
  const { value, onChange, options, placeholder, disabled, name, look = 'control', className } = props;
  return (
    <BaseSelect.Root
      items={options.map((option) => ({ value: option.value, label: option.label }))}
      value={value}
      onValueChange={(next) => {
        if (next !== null) onChange(next);
      }}
      disabled={disabled}
      name={name}
    >
      <BaseSelect.Trigger
        aria-label={props['aria-label']}
        className={cx(
          'group flex items-center gap-2 text-left',
          look === 'control'
            ? cx(controlClass, 'h-8')
            : 'h-7 max-w-full rounded-md border border-transparent px-1.5 text-table text-muted hover:border-control hover:bg-panel data-popup-open:border-control',
          className,
        )}
      >
        <BaseSelect.Value className="min-w-0 flex-1 truncate data-placeholder:text-faint" placeholder={placeholder} />
        <BaseSelect.Icon
          className={cx(
            'text-faint',
            look === 'bare' && 'opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100',
          )}
        >
          <ChevronDown aria-hidden className="size-3.5" />
        </BaseSelect.Icon>
      </BaseSelect.Trigger>
      <BaseSelect.Portal>
        <BaseSelect.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
          <BaseSelect.Popup className="max-h-[min(24rem,var(--available-height))] min-w-[max(10rem,var(--anchor-width))] max-w-[min(28rem,calc(100vw-2rem))] overflow-y-auto rounded-lg border border-line-strong bg-panel p-1 shadow-float outline-none transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0">
            <BaseSelect.List>
              {options.map((option) => (
                <BaseSelect.Item
                  key={option.value}
                  value={option.value}
                  disabled={option.disabled}
                  className="grid min-h-7 grid-cols-[1rem_1fr] items-center gap-1.5 rounded-md px-1.5 py-1 text-table outline-none select-none data-disabled:text-faint data-highlighted:bg-sunk"
                >
                  <BaseSelect.ItemIndicator className="col-start-1">
                    <Check aria-hidden className="size-3.5" />
                  </BaseSelect.ItemIndicator>
                  <span className="col-start-2 min-w-0">
                    <BaseSelect.ItemText className="block truncate">{option.label}</BaseSelect.ItemText>
                    {option.note ? <span className="block text-label text-muted">{option.note}</span> : null}
                  </span>
                </BaseSelect.Item>
              ))}
            </BaseSelect.List>
          </BaseSelect.Popup>
        </BaseSelect.Positioner>
      </BaseSelect.Portal>
    </BaseSelect.Root>
  );
}
