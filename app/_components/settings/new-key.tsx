'use client';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { grantableRoles, type MemberRole, memberRoles } from '#core/contracts/account.ts';
import { formatExactTime } from '../../_lib/format.ts';
import { errorText, useTRPC } from '../../_lib/trpc.tsx';
import { Button } from '../ui/button.tsx';
import { CopyLine } from '../ui/copy-line.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';

export interface NewKeyProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly workspace: { readonly id: string; readonly role: MemberRole };
  readonly onMade: () => void;
}

type Grantable = (typeof grantableRoles)[number];
const lifetimes = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
] as const;
const formId = 'new-key';

/** Makes a key and shows it once. */
export function NewKey({ open, onOpenChange, workspace, onMade }: NewKeyProps) {
  const trpc = useTRPC();
  const [role, setRole] = useState<Grantable>(workspace.role === 'viewer' ? 'viewer' : 'editor');
  const [days, setDays] = useState<(typeof lifetimes)[number]['value']>('90');
  const create = useMutation(trpc.apiKey.create.mutationOptions({ onSuccess: onMade }));
  const close = (next: boolean) => {
    onOpenChange(next);
    if (!next) create.reset();
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name') ?? '');
    create.mutate({ workspaceId: workspace.id, name, role, expiresDays: Number(days) });
  };
  const made = create.data;
  const offered = grantableRoles.filter((one) => memberRoles.indexOf(one) <= memberRoles.indexOf(workspace.role));
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title={made ? 'Your new key' : 'New API key'}
      description={made ? `It works until ${formatExactTime(made.expiresAt)}.` : undefined}
      actions={
        made ? (
          <Button tone="primary" onClick={() => close(false)}>
            Done
          </Button>
        ) : (
          <>
            <Button onClick={() => close(false)}>Cancel</Button>
            <Button tone="primary" type="submit" form={formId} busy={create.isPending}>
              Make key
            </Button>
          </>
        )
      }
    >
      {made ? (
        <div className="flex flex-col gap-3">
          <CopyLine value={made.key} label="API key" />
          <p className="text-table text-muted">
            Copy it now: only its fingerprint is kept, so it cannot be shown again.
          </p>
        </div>
      ) : (
        <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
          {create.error ? <Notice tone="bad">{errorText(create.error)}</Notice> : null}
          <Field label="Name" help="What it is for, e.g. nightly training.">
            <Input name="name" required maxLength={120} autoComplete="off" autoFocus large />
          </Field>
          <div className="flex flex-col gap-1.5">
            <span className="text-label font-medium text-muted">Role</span>
            <Segmented
              label="Role"
              value={role}
              onChange={setRole}
              options={offered.map((one) => ({ value: one, label: one }))}
              className="self-start"
            />
          </div>
          <Field label="Works for">
            <Select value={days} onChange={setDays} options={lifetimes} className="max-w-40" />
          </Field>
        </form>
      )}
    </Dialog>
  );
}
