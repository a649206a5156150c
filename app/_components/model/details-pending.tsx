/** What a tab of a model's details shows until its content is there, or could not be read. */
import { Notice, Skeleton } from '../ui/index.ts';

export interface DetailsPendingProps {
  /** What could not be read: "The list". */
  readonly what: string;
  readonly error: string | null;
}

export function DetailsPending({ what, error }: DetailsPendingProps) {
  return error ? (
    <Notice tone="bad" className="m-4" title={`${what} could not be read`}>
      {error}
    </Notice>
  ) : (
    <div className="h-72 p-4">
      <Skeleton className="h-full w-full" />
    </div>
  );
}
