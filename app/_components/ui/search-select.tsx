'use client';
/** A single choice from a long list, e.g. thousands of columns: typing narrows it, and only some matches are drawn. */
import { Combobox } from '@base-ui/react/combobox';
import { Check, ChevronDown } from 'lucide-react';
import { cx } from '../../_lib/cx.ts';
import { controlClass } from './field.tsx';
import type { SelectProps } from './select.tsx';

const drawn = 100;

export function SearchSelect<Value extends string>(props: SelectProps<Value>) {
  const { value, onChange, options, placeholder, disabled, name, className } = props;
  const byValue = new Map<string, SelectProps<Value>['options'][number]>(options.map((one) => [one.value, one]));
  const text = (one: Value) => {
    const label = byValue.get(one)?.label;
    return typeof label === 'string' ? label : one;
  };
  return (
    <Combobox.Root<Value>
      items={options.map((one) => one.value)}
      value={value}
      onValueChange={(next) => {
        if (next !== null) onChange(next);
      }}
      itemToStringLabel={text}
      limit={drawn}
      disabled={disabled}
      name={name}
    >
      <Combobox.Trigger
        aria-label={props['aria-label']}
        className={cx(controlClass, 'flex h-8 items-center gap-2 text-left', className)}
      >
        <span className={cx('min-w-0 flex-1 truncate', value === null && 'text-faint')}>
          <Combobox.Value placeholder={placeholder} />
        </span>
        <Combobox.Icon className="text-faint">
          <ChevronDown aria-hidden className="size-3.5" />
        </Combobox.Icon>
      </Combobox.Trigger>
      <Combobox.Portal>
        <Combobox.Positioner align="start" sideOffset={4} className="z-50 outline-none">
          <Combobox.Popup
            aria-label={props['aria-label'] ?? 'Choices'}
            className="w-80 max-w-[calc(100vw-2rem)] rounded-lg border border-line-strong bg-panel shadow-float outline-none transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0"
          >
            <Combobox.Input
              placeholder={`Find among ${options.length.toLocaleString('en-US')}`}
              className="h-9 w-full border-b border-line bg-transparent px-3 text-table outline-none placeholder:text-faint"
            />
            <Combobox.Empty>
              <div className="px-3 py-3 text-table text-muted">Nothing has that name.</div>
            </Combobox.Empty>
            <Combobox.List className="max-h-[min(20rem,var(--available-height))] overflow-y-auto p-1 empty:p-0">
              {(one: Value) => {
                const option = byValue.get(one);
                return (
                  <Combobox.Item
                    key={one}
                    value={one}
                    disabled={option?.disabled}
                    className="grid min-h-7 grid-cols-[1rem_1fr] items-center gap-1.5 rounded-md px-1.5 py-1 text-table outline-none select-none data-disabled:text-faint data-highlighted:bg-sunk"
                  >
                    <Combobox.ItemIndicator className="col-start-1">
                      <Check aria-hidden className="size-3.5" />
                    </Combobox.ItemIndicator>
                    <span className="col-start-2 min-w-0">
                      <span className="block truncate">{option?.label ?? one}</span>
                      {option?.note ? <span className="block text-label text-muted">{option.note}</span> : null}
                    </span>
                  </Combobox.Item>
                );
              }}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  );
}
