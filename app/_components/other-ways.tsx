'use client';
/** Signing in through another service or a mailed link; shown only where the server has them set up. */
import { type FormEvent, useEffect, useState } from 'react';
import { Button } from './ui/button.tsx';
import { Field, Input } from './ui/field.tsx';

export interface OtherWaysProps {
  readonly providers: readonly string[];
  readonly mail: boolean;
  readonly next: string;
}

const names: Readonly<Record<string, string>> = { github: 'GitHub', google: 'Google' };

export function OtherWays({ providers, mail, next }: OtherWaysProps) {
  const [token, setToken] = useState('');
  const [typing, setTyping] = useState(false);
  const any = providers.length > 0 || mail;
  useEffect(() => {
    if (!any) return;
    void fetch('/api/auth/csrf')
      .then((response) => response.json())
      .then((body: { csrfToken?: string }) => setToken(body.csrfToken ?? ''))
      .catch(() => setToken(''));
  }, [any]);
  if (!any) return null;
  const openMail = (event: FormEvent) => {
    if (typing) return;
    event.preventDefault();
    setTyping(true);
  };
  return (
    <div className="mt-5 flex flex-col gap-2.5 border-t border-line pt-5">
      {providers.map((provider) => (
        <form key={provider} method="post" action={`/api/auth/signin/${provider}`}>
          <input type="hidden" name="csrfToken" value={token} />
          <input type="hidden" name="callbackUrl" value={next} />
          <Button type="submit" size="large" disabled={!token} className="w-full">
            Continue with {names[provider] ?? provider}
          </Button>
        </form>
      ))}
      {mail ? (
        <form method="post" action="/api/auth/signin/nodemailer" onSubmit={openMail} className="flex flex-col gap-2.5">
          <input type="hidden" name="csrfToken" value={token} />
          <input type="hidden" name="callbackUrl" value={next} />
          {typing ? (
            <Field label="E-mail for the link">
              <Input name="email" type="email" autoComplete="email" required autoFocus large />
            </Field>
          ) : null}
          <Button type="submit" size="large" disabled={!token} className="w-full">
            {typing ? 'Send the link' : 'Mail me a sign-in link'}
          </Button>
        </form>
      ) : null}
    </div>
  );
}
