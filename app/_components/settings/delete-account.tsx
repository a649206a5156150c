'use client';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { routes } from '../../_lib/routes.ts';
import { errorText, useTRPC } from '../../_lib/trpc.tsx';
import { Button } from '../ui/button.tsx';
import { Card, CardBody, CardHead } from '../ui/card.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Field, Input } from '../ui/field.tsx';

/** The way out: the account and the workspaces that only it owns. */
export function DeleteAccount({ hasPassword, email }: { readonly hasPassword: boolean; readonly email: string }) {
  const trpc = useTRPC();
  const [asking, setAsking] = useState(false);
  const [password, setPassword] = useState('');
  const remove = useMutation(
    trpc.account.deleteAccount.mutationOptions({ onSuccess: () => window.location.assign(routes.signIn()) }),
  );
  return (
    <Card>
      <CardHead title="Delete account" />
      <CardBody className="flex flex-col items-start gap-3">
        <p className="max-w-prose text-table text-muted">
          Your account, and every workspace in which you are alone, with its data sets, searches and models.
        </p>
        <Button onClick={() => setAsking(true)}>Delete account…</Button>
      </CardBody>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title="Delete your account"
        action="Delete account"
        typeName={email}
        onConfirm={() => remove.mutate({ password: hasPassword ? password : undefined })}
        busy={remove.isPending}
        error={remove.error ? errorText(remove.error) : null}
      >
        <p>
          Everything in workspaces of your own is deleted, files too. What you made in other people’s projects stays
          there.
        </p>
        {hasPassword ? (
          <Field label="Password">
            <Input
              type="password"
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </Field>
        ) : null}
      </Confirm>
    </Card>
  );
}
