'use client';
/** A question before something that cannot be undone: says what goes, asks for the name where much hangs on it. */
import { type ReactNode, useEffect, useState } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Field, Input } from './field.tsx';
import { Notice } from './notice.tsx';

export interface ConfirmProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: ReactNode;
  readonly children: ReactNode;
  /** The verb on the button: `Delete data set`. */
  readonly action: string;
  readonly onConfirm: () => void;
  readonly busy?: boolean;
  readonly error?: string | null;
  /** When given, must be typed before the button works. */
  readonly typeName?: string;
  readonly tone?: 'danger' | 'primary';
}

export function Confirm(props: ConfirmProps) {
  const { open, onOpenChange, title, children, action, onConfirm, busy, error, typeName, tone = 'danger' } = props;
  const [typed, setTyped] = useState('');
  useEffect(() => {
    if (!open) setTyped('');
  }, [open]);
  const blocked = typeName !== undefined && typed.trim() !== typeName;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      actions={
        <>
          <Button onClick={() => onOpenChange(false)}>Keep</Button>
          <Button tone={tone} busy={busy} disabled={blocked} onClick={onConfirm}>
            {action}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4 text-table">
        {children}
        {typeName !== undefined ? (
          <Field
            label={
              <>
                Type <span className="font-mono text-ink">{typeName}</span> to go on
              </>
            }
          >
            <Input
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              autoComplete="off"
              spellCheck={false}
            />
          </Field>
        ) : null}
        {error ? <Notice tone="bad">{error}</Notice> : null}
      </div>
    </Dialog>
  );
}
