'use client';
/** In place of what could not be loaded: what happened and the way on. */
import { errorCode, errorText } from '../_lib/trpc.tsx';
import { Button } from './ui/button.tsx';
import { Notice } from './ui/notice.tsx';

export interface LoadFailedProps {
  /** What was wanted: `The searches`. */
  readonly what: string;
  readonly error: unknown;
  readonly retry: () => void;
}

export function LoadFailed({ what, error, retry }: LoadFailedProps) {
  const code = errorCode(error);
  const final = code === 'NOT_FOUND' || code === 'FORBIDDEN';
  return (
    <Notice
      tone="bad"
      title={`${what} could not be loaded`}
      className="m-4"
      action={
        final ? null : (
          <Button size="small" onClick={retry}>
            Try again
          </Button>
        )
      }
    >
      {errorText(error)}
    </Notice>
  );
}
