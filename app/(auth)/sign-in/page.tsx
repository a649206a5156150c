import { redirect } from 'next/navigation';
import { AuthForm } from '../../_components/auth-form.tsx';
import { Notice } from '../../_components/ui/notice.tsx';
import { authNotice } from '../../_lib/auth-notice.ts';
import { currentAccount } from '../../_lib/caller.ts';
import { safeNext } from '../../_lib/routes.ts';

export const metadata = { title: 'Sign in · Warmstart' };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function SignInPage({ searchParams }: { searchParams: Search }) {
  const params = await searchParams;
  const goal = typeof params.next === 'string' ? params.next : null;
  const account = await currentAccount();
  if (account.user) redirect(safeNext(goal));
  const notice = authNotice(params);
  return (
    <AuthForm verb="sign-in" next={goal} providers={account.providers} mail={account.mail}>
      {notice ? <Notice tone={notice.tone}>{notice.text}</Notice> : null}
    </AuthForm>
  );
}
