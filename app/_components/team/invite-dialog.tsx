'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
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

export interface InviteDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly project: { readonly id: string; readonly name: string; readonly role: MemberRole };
}

type Grantable = (typeof grantableRoles)[number];
const formId = 'invite';

/** Makes an invitation link and shows it once. */
export function InviteDialog({ open, onOpenChange, project }: InviteDialogProps) {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const [role, setRole] = useState<Grantable>('viewer');
  const create = useMutation(
    trpc.invitation.create.mutationOptions({ onSuccess: () => cache.invalidateQueries(trpc.invitation.pathFilter()) }),
  );
  const close = (next: boolean) => {
    onOpenChange(next);
    if (!next) create.reset();
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get('email') ?? '').trim();
    create.mutate({ projectId: project.id, role, email: email || null });
  };
  const offered = grantableRoles.filter((one) => memberRoles.indexOf(one) <= memberRoles.indexOf(project.role));
  const made = create.data;
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title={made ? 'Invitation link' : `Invite to ${project.name}`}
      description={made ? `It opens until ${formatExactTime(made.expiresAt)}, for one person.` : undefined}
      actions={
        made ? (
          <Button tone="primary" onClick={() => close(false)}>
            Done
          </Button>
        ) : (
          <>
            <Button onClick={() => close(false)}>Cancel</Button>
            <Button tone="primary" type="submit" form={formId} busy={create.isPending}>
              Make link
            </Button>
          </>
        )
      }
    >
      {made ? (
        <div className="flex flex-col gap-3">
          <CopyLine value={made.url} label="Invitation link" />
          <p className="text-table text-muted">
            Copy it now: only its fingerprint is kept, so it cannot be shown again.
          </p>
        </div>
      ) : (
        <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
          {create.error ? <Notice tone="bad">{errorText(create.error)}</Notice> : null}
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
          <Field label="E-mail (optional)" help="With an address, only the account with that address can accept.">
            <Input name="email" type="email" autoComplete="off" large />
          </Field>
        </form>
      )}
    </Dialog>
  );
}
