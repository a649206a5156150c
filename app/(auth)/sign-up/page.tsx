import { redirect } from 'next/navigation';
import { AuthForm } from '../../_components/auth-form.tsx';
import { currentAccount } from '../../_lib/caller.ts';
import { safeNext } from '../../_lib/routes.ts';

export const metadata = { title: 'Create an account · Warmstart' };

export default async function SignUpPage({ searchParams }: { searchParams: Promise<{ next?: string | string[] }> }) {
  const { next } = await searchParams;
  const goal = typeof next === 'string' ? next : null;
  const account = await currentAccount();
  if (account.user) redirect(safeNext(goal));
  return <AuthForm verb="sign-up" next={goal} providers={account.providers} mail={account.mail} />;
}
