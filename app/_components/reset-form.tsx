'use client';
/** A new password by a link that whoever runs the server has made. */
import { type FormEvent, useState } from 'react';
import { type AuthAnswer, passwordAuth } from '../_lib/password-auth.ts';
import { routes } from '../_lib/routes.ts';
import { Button, ButtonLink } from './ui/button.tsx';
import { Field, Input } from './ui/field.tsx';
import { Notice } from './ui/notice.tsx';

export function ResetForm({ token }: { readonly token: string }) {
  const [answer, setAnswer] = useState<AuthAnswer | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get('password') ?? '');
    setBusy(true);
    setAnswer(await passwordAuth('reset', { token, password }));
    setBusy(false);
  };
  if (answer?.ok) {
    return (
      <>
        <h1 className="text-title font-semibold">Password changed</h1>
        <p className="mt-1 mb-6 text-table text-muted">All earlier sessions have ended.</p>
        <ButtonLink href={routes.signIn()} tone="primary" size="large">
          Sign in
        </ButtonLink>
      </>
    );
  }
  const inField = answer?.field === 'password' ? answer.message : null;
  return (
    <>
      <h1 className="text-title font-semibold">Choose a new password</h1>
      <p className="mt-1 mb-6 text-table text-muted">
        The link works once; afterwards you sign in with the new password.
      </p>
      <form method="post" onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        {answer?.message && !inField ? <Notice tone="bad">{answer.message}</Notice> : null}
        <Field label="New password" help="At least 8 characters." error={inField}>
          <Input name="password" type="password" autoComplete="new-password" required minLength={8} large />
        </Field>
        <Button type="submit" tone="primary" size="large" busy={busy}>
          Change password
        </Button>
      </form>
    </>
  );
}
