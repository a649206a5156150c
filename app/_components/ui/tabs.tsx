'use client';
/** Views of one thing side by side; the chosen one belongs in the URL (the caller keeps it there with nuqs). */
import { Tabs as BaseTabs } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import { cx } from '../../_lib/cx.ts';

export interface TabsProps<Value extends string> {
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly tabs: readonly { readonly value: Value; readonly label: ReactNode; readonly count?: number | null }[];
  readonly label: string;
  /** `TabPanel`s. */
  readonly children: ReactNode;
  readonly className?: string;
}

export function Tabs<Value extends string>({ value, onChange, tabs, label, children, className }: TabsProps<Value>) {
  return (
    <BaseTabs.Root value={value} onValueChange={onChange} className={className}>
      <BaseTabs.List
        aria-label={label}
        className="relative flex gap-4.5 overflow-x-auto border-b border-line px-4 [scrollbar-width:none]"
      >
        {tabs.map((tab) => (
          <BaseTabs.Tab
            key={tab.value}
            value={tab.value}
            className="flex h-10 items-center gap-1.5 whitespace-nowrap rounded-sm text-table text-muted select-none hover:text-ink focus-visible:-outline-offset-2 data-active:font-medium data-active:text-ink"
          >
            {tab.label}
            {tab.count !== undefined && tab.count !== null ? (
              <span className="font-normal text-faint">{tab.count.toLocaleString('en-US')}</span>
            ) : null}
          </BaseTabs.Tab>
        ))}
        <BaseTabs.Indicator className="absolute bottom-0 left-0 h-0.5 w-(--active-tab-width) translate-x-(--active-tab-left) bg-ember transition-all duration-180" />
      </BaseTabs.List>
      {children}
    </BaseTabs.Root>
  );
}

export interface TabPanelProps {
  readonly value: string;
  readonly className?: string;
  /** Keeps the panel in the page while hidden, e.g. a playground with typed values. */
  readonly keep?: boolean;
  readonly children: ReactNode;
}

export function TabPanel({ value, className, keep, children }: TabPanelProps) {
  return (
    <BaseTabs.Panel value={value} keepMounted={keep} className={cx('focus-visible:-outline-offset-2', className)}>
      {children}
    </BaseTabs.Panel>
  );
}
