'use client';
import type { FormEvent } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';

export interface RenameDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** `project`, `data set`. */
  readonly what: string;
  readonly name: string;
  readonly onRename: (name: string) => void;
  readonly busy: boolean;
  readonly error: string | null;
}

const formId = 'rename';

/** A new name for something. */
export function RenameDialog({ open, onOpenChange, what, name, onRename, busy, error }: RenameDialogProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onRename(String(new FormData(event.currentTarget).get('name') ?? ''));
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Rename ${what}`}
      actions={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button tone="primary" type="submit" form={formId} busy={busy}>
            Rename
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit}>
        <Field label="Name" error={error}>
          <Input name="name" defaultValue={name} required maxLength={120} autoComplete="off" autoFocus large />
        </Field>
      </form>
    </Dialog>
  );
}
