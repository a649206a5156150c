'use client';
/** A list of further actions behind one button. */
import { Menu as BaseMenu } from '@base-ui/react/menu';
import Link from 'next/link';
import type { ReactElement, ReactNode } from 'react';
import { cx } from '../../_lib/cx.ts';

export interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  readonly children: ReactNode;
  readonly align?: 'start' | 'center' | 'end';
  readonly side?: 'top' | 'bottom';
}

export const popupClass =
  'min-w-44 max-w-[min(22rem,calc(100vw-2rem))] rounded-lg border border-line-strong bg-panel p-1 shadow-float outline-none transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0';

const itemClass =
  'flex min-h-7.5 w-full items-center gap-2 rounded-md px-2 py-1 text-left text-table no-underline outline-none select-none data-disabled:text-faint data-highlighted:bg-sunk';

export function Menu({ trigger, children, align = 'end', side = 'bottom' }: MenuProps) {
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner sideOffset={4} align={align} side={side} className="z-50 outline-none">
          <BaseMenu.Popup className={popupClass}>{children}</BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

export interface MenuItemProps {
  readonly onSelect?: () => void;
  /** Makes the item a link. */
  readonly href?: string;
  readonly icon?: ReactNode;
  /** At the right: a key or a fact. */
  readonly end?: ReactNode;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly children: ReactNode;
}

export function MenuItem({ onSelect, href, icon, end, danger, disabled, children }: MenuItemProps) {
  const inner = (
    <>
      {icon ? <span className="text-faint">{icon}</span> : null}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {end ? <span className="text-label text-faint">{end}</span> : null}
    </>
  );
  return (
    <BaseMenu.Item
      disabled={disabled}
      onClick={onSelect}
      render={href ? <Link href={href} /> : undefined}
      className={cx(itemClass, danger ? 'text-bad' : 'text-ink')}
    >
      {inner}
    </BaseMenu.Item>
  );
}

export function MenuSeparator() {
  return <BaseMenu.Separator className="my-1 h-px bg-line" />;
}

export interface MenuChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
}

/** One of a few, inside a menu. */
export function MenuChoice<Value extends string>({ label, value, onChange, options }: MenuChoiceProps<Value>) {
  return (
    <BaseMenu.Group>
      <BaseMenu.GroupLabel className="px-2 pt-1 pb-0.5 text-label text-muted">{label}</BaseMenu.GroupLabel>
      <BaseMenu.RadioGroup value={value} onValueChange={onChange}>
        {options.map((option) => (
          <BaseMenu.RadioItem key={option.value} value={option.value} className={itemClass}>
            <span
              aria-hidden
              className={cx('size-1.5 rounded-full', option.value === value ? 'bg-ink' : 'bg-transparent')}
            />
            {option.label}
          </BaseMenu.RadioItem>
        ))}
      </BaseMenu.RadioGroup>
    </BaseMenu.Group>
  );
}
