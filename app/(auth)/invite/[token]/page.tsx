import { AcceptInvitation } from '../../../_components/accept-invitation.tsx';
import { AuthForm } from '../../../_components/auth-form.tsx';
import { InvitationGone } from '../../../_components/invitation-gone.tsx';
import { currentAccount, serverApi } from '../../../_lib/caller.ts';
import { routes } from '../../../_lib/routes.ts';

export const metadata = { title: 'Invitation · Warmstart' };

/** Where an invitation link leads: to an account first, if there is none, and then into the project. */
export default async function InvitePage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const api = await serverApi();
  const [account, invitation] = await Promise.all([
    currentAccount(),
    api.invitation.preview({ token }).catch(() => null),
  ]);
  if (!invitation) return <InvitationGone />;
  if (account.user) return <AcceptInvitation token={token} invitation={invitation} email={account.user.email} />;
  return (
    <AuthForm verb="sign-up" next={routes.invite(token)} providers={account.providers} mail={account.mail}>
      {invitation.inviter} invites you to see <b className="font-medium text-ink">{invitation.projectName}</b> as{' '}
      {invitation.role}. Create an account{invitation.email ? ` for ${invitation.email}` : ''}, or sign in if you have
      one.
    </AuthForm>
  );
}
