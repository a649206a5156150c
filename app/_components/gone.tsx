'use client';
import { routes } from '../_lib/routes.ts';
import { errorCode, errorText } from '../_lib/trpc.tsx';
import { StatePage } from './state-page.tsx';
import { Button, ButtonLink } from './ui/button.tsx';

/** A whole page whose thing is not there, is not for this person, or could not be fetched. */
export function Gone({
  what,
  error,
  retry,
}: {
  readonly what: string;
  readonly error: unknown;
  readonly retry: () => void;
}) {
  const code = errorCode(error);
  const absent = code === 'NOT_FOUND' || code === 'BAD_REQUEST';
  return (
    <StatePage
      framed
      title={absent ? `No such ${what}` : `This ${what} could not be loaded`}
      action={
        <>
          {absent ? null : (
            <Button tone="primary" onClick={retry}>
              Try again
            </Button>
          )}
          <ButtonLink href={routes.projects()}>Go to projects</ButtonLink>
        </>
      }
    >
      {absent
        ? 'It may have been deleted, or it is in a project you are not a member of. Whoever shared the link can invite you.'
        : errorText(error)}
    </StatePage>
  );
}
