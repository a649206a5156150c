/** One mapping from errors to what the client sees; the message of anything unexpected stays in the log. */
import { TRPCError } from '@trpc/server';
import { z } from 'zod';
import { AppError, type AppErrorCode, isAppError } from '../services/errors.ts';

const trpcCodes: Readonly<Record<AppErrorCode, TRPCError['code']>> = {
  not_found: 'NOT_FOUND',
  forbidden: 'FORBIDDEN',
  unauthenticated: 'UNAUTHORIZED',
  invalid: 'BAD_REQUEST',
  conflict: 'CONFLICT',
  too_large: 'PAYLOAD_TOO_LARGE',
  rate_limited: 'TOO_MANY_REQUESTS',
  bad_data: 'UNPROCESSABLE_CONTENT',
};

export const faultMessage = 'Something went wrong on our side. It has been logged; please try again.';

/** The deliberate error inside whatever tRPC or a stream wrapped around it. */
export function findAppError(error: unknown): AppError | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (isAppError(at)) return at;
    if (at instanceof z.ZodError) return fromZod(at);
  }
  return null;
}

/** Names the first field that does not fit, and lists all of them in `detail.fields`. */
function fromZod(error: z.ZodError): AppError {
  const fields = error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  const first = fields[0];
  return new AppError('invalid', first ? `${first.path ? `${first.path}: ` : ''}${first.message}` : 'Invalid input.', {
    fields,
  });
}

/** @returns an error whose code and message may go to the client */
export function toTrpcError(error: TRPCError): TRPCError {
  const app = findAppError(error);
  if (app) return new TRPCError({ code: trpcCodes[app.code], message: app.message, cause: app });
  return error.code === 'INTERNAL_SERVER_ERROR'
    ? new TRPCError({ code: error.code, message: faultMessage, cause: error.cause })
    : error;
}
