'use client';
import { useEffect } from 'react';
import { StatePage } from '../_components/state-page.tsx';
import { Button, ButtonLink } from '../_components/ui/button.tsx';
import { routes } from '../_lib/routes.ts';

/** A page that failed to draw. What runs on the server goes on; only the view is lost. */
export default function ErrorPage({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  useEffect(() => {
    console.error(error);
  }, [error]);
  return (
    <StatePage
      framed
      title="This page could not be drawn"
      action={
        <>
          <Button tone="primary" onClick={() => retry()}>
            Draw it again
          </Button>
          <ButtonLink href={routes.projects()}>Go to projects</ButtonLink>
        </>
      }
    >
      <p>Searches and uploads on the server are not affected.</p>
      {error.digest ? (
        <p className="mt-2 text-label">
          Reference for the server’s log: <span className="font-mono">{error.digest}</span>
        </p>
      ) : null}
    </StatePage>
  );
}
