import { displayName } from '../account/me.ts';
import type { KeyRole, ServiceContext } from '../context.ts';
import { findInvitation } from './find.ts';

export interface InvitationPreview {
  readonly projectName: string;
  readonly role: KeyRole;
  readonly inviter: string;
  /** The address it is bound to, so that the page can say which account to use. */
  readonly email: string | null;
  readonly accepted: boolean;
}

/** What a link offers, for whoever holds it, signed in or not. @throws AppError `not_found` */
export async function previewInvitation(ctx: ServiceContext, input: { token: string }): Promise<InvitationPreview> {
  const { invitation, project, inviter } = await findInvitation(ctx.db, input.token, ctx.now());
  return {
    projectName: project.name,
    role: invitation.role,
    inviter: displayName(inviter),
    email: invitation.email,
    accepted: invitation.acceptedAt !== null,
  };
}
