'use client';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef } from 'react';
import { errorText, useTRPC } from '../../_lib/trpc.tsx';
import { Button } from '../ui/button.tsx';
import { Card, CardBody, CardHead } from '../ui/card.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { showToast } from '../ui/toast.tsx';

/** A new password; other sessions end with the old one. */
export function ChangePassword({ hasPassword }: { readonly hasPassword: boolean }) {
  const trpc = useTRPC();
  const form = useRef<HTMLFormElement>(null);
  const change = useMutation(
    trpc.account.changePassword.mutationOptions({
      onSuccess: () => {
        form.current?.reset();
        showToast({
          title: 'Password changed',
          description: 'You stay signed in here; other devices have to sign in again.',
        });
      },
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const current = String(data.get('current') ?? '');
    change.mutate({ current: hasPassword ? current : null, next: String(data.get('next') ?? '') });
  };
  return (
    <Card>
      <CardHead title={hasPassword ? 'Password' : 'Set a password'} />
      <CardBody>
        <form ref={form} onSubmit={submit} className="flex max-w-field flex-col items-start gap-3">
          {change.error ? (
            <Notice tone="bad" className="w-full">
              {errorText(change.error)}
            </Notice>
          ) : null}
          {hasPassword ? (
            <Field label="Current password" className="w-full">
              <Input name="current" type="password" autoComplete="current-password" required />
            </Field>
          ) : null}
          <Field label="New password" help="At least 8 characters." className="w-full">
            <Input name="next" type="password" autoComplete="new-password" required minLength={8} maxLength={200} />
          </Field>
          <Button type="submit" busy={change.isPending}>
            {hasPassword ? 'Change password' : 'Set password'}
          </Button>
        </form>
      </CardBody>
    </Card>
  );
}
