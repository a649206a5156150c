/** The one error that service verbs throw on purpose; everything else is a fault and its message stays on the server. */

export const appErrorCodes = [
  'not_found',
  'forbidden',
  'unauthenticated',
  'invalid',
  'conflict',
  'too_large',
  'rate_limited',
  'bad_data',
] as const;
export type AppErrorCode = (typeof appErrorCodes)[number];

export class AppError extends Error {
  override name = 'AppError';
  readonly code: AppErrorCode;
  /** Machine-readable extras that may go to the client, e.g. line and column of a bad value. */
  readonly detail: Readonly<Record<string, unknown>> | undefined;

  /** @param message plain words for the person; it is shown as it is, so it holds no secret and no data of others */
  constructor(code: AppErrorCode, message: string, detail?: Readonly<Record<string, unknown>>) {
    super(message);
    this.code = code;
    this.detail = detail;
  }
}

/** By name, because bundlers may load this module twice and `instanceof` then fails. */
export function isAppError(error: unknown): error is AppError {
  return error instanceof Error && error.name === 'AppError' && 'code' in error;
}

/** HTTP status of each code. */
export const httpStatus: Readonly<Record<AppErrorCode, number>> = {
  not_found: 404,
  forbidden: 403,
  unauthenticated: 401,
  invalid: 400,
  conflict: 409,
  too_large: 413,
  rate_limited: 429,
  bad_data: 422,
};
