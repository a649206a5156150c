'use client';
/** The last step of an invitation for whoever is signed in: what one joins, as what, and the button. */
import { useMutation } from '@tanstack/react-query';
import { routes } from '../_lib/routes.ts';
import { errorText, type RouterOutputs, useTRPC } from '../_lib/trpc.tsx';
import { Button, ButtonLink } from './ui/button.tsx';
import { Notice } from './ui/notice.tsx';

export interface AcceptInvitationProps {
  readonly token: string;
  readonly invitation: RouterOutputs['invitation']['preview'];
  /** Of the account that is signed in. */
  readonly email: string;
}

const roleWords = {
  viewer: 'You will see data, searches and models, and can download and try them.',
  editor: 'You will see everything, and can upload, search, check and publish.',
  admin: 'You will see everything, work on it, and decide who else may.',
};

export function AcceptInvitation({ token, invitation, email }: AcceptInvitationProps) {
  const trpc = useTRPC();
  const accept = useMutation(
    trpc.invitation.accept.mutationOptions({
      // A full load, so that the rail knows the new project from the start.
      onSuccess: ({ projectId }) => window.location.assign(routes.project(projectId)),
    }),
  );
  const { projectName, inviter, role } = invitation;
  return (
    <>
      <h1 className="text-title font-semibold break-words">Join {projectName}</h1>
      <p className="mt-1 mb-6 text-table text-muted">
        {inviter} invites you as {role}. {roleWords[role]} You are signed in as {email}.
      </p>
      {accept.error ? (
        <Notice tone="bad" className="mb-4" title="The invitation was not accepted">
          {errorText(accept.error)}
        </Notice>
      ) : null}
      <div className="flex flex-wrap gap-2">
        <Button
          tone="primary"
          size="large"
          busy={accept.isPending || accept.isSuccess}
          onClick={() => accept.mutate({ token })}
        >
          Join project
        </Button>
        <ButtonLink size="large" href={routes.projects()}>
          Not now
        </ButtonLink>
      </div>
    </>
  );
}
