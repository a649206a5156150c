'use client';
import { StatePage } from './_components/state-page.tsx';
import { Button } from './_components/ui/button.tsx';
import './globals.css';

/** The frame itself failed: the last page there is, so it depends on nothing but the style sheet. */
export default function GlobalError({ retry }: { retry: () => void }) {
  return (
    <html lang="en">
      <body>
        <StatePage
          title="Warmstart could not be drawn"
          action={
            <Button tone="primary" onClick={() => retry()}>
              Draw it again
            </Button>
          }
        >
          Searches and uploads on the server are not affected.
        </StatePage>
      </body>
    </html>
  );
}
