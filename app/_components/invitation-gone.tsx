/** A link that leads nowhere any more. */
import { routes } from '../_lib/routes.ts';
import { ButtonLink } from './ui/button.tsx';

export function InvitationGone() {
  return (
    <>
      <h1 className="text-title font-semibold">This invitation does not open</h1>
      <p className="mt-1 mb-6 text-table text-muted">
        It has expired, was revoked, or the address was cut off on its way. Ask whoever sent it for a new one.
      </p>
      <div>
        <ButtonLink href={routes.projects()}>Go to projects</ButtonLink>
      </div>
    </>
  );
}
