'use client';
/** The form of sign-in and sign-up: e-mail and password, and other ways where the server offers them. */
import Link from 'next/link';
import { type FormEvent, type ReactNode, useState } from 'react';
import { type AuthAnswer, passwordAuth } from '../_lib/password-auth.ts';
import { routes, safeNext } from '../_lib/routes.ts';
import { OtherWays } from './other-ways.tsx';
import { Button } from './ui/button.tsx';
import { Field, Input } from './ui/field.tsx';
import { Notice } from './ui/notice.tsx';

export interface AuthFormProps {
  readonly verb: 'sign-in' | 'sign-up';
  /** Where to go on to afterwards. */
  readonly next: string | null;
  readonly providers: readonly string[];
  readonly mail: boolean;
  /** A sentence above the form, e.g. which project invites. */
  readonly children?: ReactNode;
}

const fine: AuthAnswer = { ok: true, message: null, field: null };

export function AuthForm({ verb, next, providers, mail, children }: AuthFormProps) {
  const up = verb === 'sign-up';
  const [answer, setAnswer] = useState<AuthAnswer>(fine);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const value = (name: string) => String(form.get(name) ?? '');
    setBusy(true);
    const name = value('name').trim();
    const input: Record<string, string> = { email: value('email'), password: value('password') };
    if (name) input.name = name;
    const said = await passwordAuth(verb, input);
    setAnswer(said);
    if (said.ok) window.location.assign(next || !up ? safeNext(next) : routes.start());
    else setBusy(false);
  };
  const errorOf = (field: string) => (answer.field === field ? answer.message : null);
  const general = answer.message && !['email', 'password', 'name'].includes(answer.field ?? '');
  return (
    <>
      <h1 className="text-title font-semibold">{up ? 'Create an account' : 'Sign in'}</h1>
      <div className="mt-1 mb-6 text-table text-muted">
        {children ??
          (up
            ? 'Your first project has a sample table, so that you can start at once.'
            : 'Your projects are where you left them.')}
      </div>
      <form method="post" onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        {general ? <Notice tone="bad">{answer.message}</Notice> : null}
        {up ? (
          <Field label="Name" help="Shown to the people you share projects with." error={errorOf('name')}>
            <Input name="name" autoComplete="name" maxLength={120} large />
          </Field>
        ) : null}
        <Field label="E-mail" error={errorOf('email')}>
          <Input name="email" type="email" autoComplete="email" required large spellCheck={false} />
        </Field>
        <Field label="Password" help={up ? 'At least 8 characters.' : undefined} error={errorOf('password')}>
          <Input
            name="password"
            type="password"
            autoComplete={up ? 'new-password' : 'current-password'}
            required
            minLength={up ? 8 : undefined}
            large
          />
        </Field>
        <Button type="submit" tone="primary" size="large" busy={busy} className="mt-1">
          {up ? 'Create account' : 'Sign in'}
        </Button>
      </form>
      <OtherWays providers={providers} mail={mail} next={safeNext(next)} />
      <p className="mt-6 text-table text-muted">
        {up ? 'Have an account?' : 'New here?'}{' '}
        <Link
          href={up ? routes.signIn(next ?? undefined) : routes.signUp(next ?? undefined)}
          className="font-medium text-ink underline"
        >
          {up ? 'Sign in' : 'Create an account'}
        </Link>
      </p>
    </>
  );
}
