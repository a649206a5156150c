'use client';
import { type ReactNode, useEffect, useState } from 'react';
import { Checkbox } from '../ui/checkbox.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { navEntries } from './nav.ts';
import { singleKeysOn, singleKeysStore } from './use-keys.ts';

interface KeyLine {
  readonly keys: ReactNode;
  readonly does: string;
}

const groups: readonly { readonly title: string; readonly lines: readonly KeyLine[] }[] = [
  {
    title: 'Anywhere',
    lines: [
      { keys: <Kbd>Ctrl K</Kbd>, does: 'Find anything, or do it' },
      { keys: <Kbd>?</Kbd>, does: 'This list' },
      { keys: <Kbd>/</Kbd>, does: 'Filter the page' },
      { keys: <Kbd>Esc</Kbd>, does: 'Close what is open' },
      ...navEntries.map((entry) => ({
        keys: (
          <>
            <Kbd>g</Kbd> <Kbd>{entry.key}</Kbd>
          </>
        ),
        does: `Go to ${entry.label}`,
      })),
    ],
  },
  {
    title: 'Tables',
    lines: [
      { keys: <Kbd>↑ ↓</Kbd>, does: 'Row by row' },
      { keys: <Kbd>Home End</Kbd>, does: 'First and last row' },
      { keys: <Kbd>Enter</Kbd>, does: 'Open the row' },
    ],
  },
  {
    title: 'Charts',
    lines: [
      { keys: <Kbd>← →</Kbd>, does: 'Move the crosshair' },
      { keys: <Kbd>↑ ↓</Kbd>, does: 'Another series' },
    ],
  },
];

/** Every key, and the switch for single ones. */
export function KeyList({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const [on, setOn] = useState(true);
  useEffect(() => {
    if (open) setOn(singleKeysOn());
  }, [open]);
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keys">
      <div className="flex flex-col gap-5">
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className="mb-1.5 text-label font-medium text-muted">{group.title}</h3>
            <dl className="flex flex-col gap-1">
              {group.lines.map((line) => (
                <div key={line.does} className="flex items-center justify-between gap-4 text-table">
                  <dt>{line.does}</dt>
                  <dd className="flex gap-1">{line.keys}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <Checkbox
          checked={on}
          onChange={(next) => {
            setOn(next);
            localStorage.setItem(singleKeysStore, next ? 'on' : 'off');
          }}
        >
          Single keys without Ctrl work (?, / and g)
        </Checkbox>
      </div>
    </Dialog>
  );
}
