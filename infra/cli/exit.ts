/** Exit codes of the command line (CONTRACTS.md) and the error that carries one. */
export const exitCodes = { ready: 0, usage: 2, badData: 3, noModel: 4, verification: 5, cancelled: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes] | 1;

/** Ends the command with `code` after its message was shown; anything else that is thrown is a fault (1). */
export class CliError extends Error {
  override name = 'CliError';
  readonly code: ExitCode;

  constructor(code: ExitCode, message: string) {
    super(message);
    this.code = code;
  }
}

export const usageError = (message: string): CliError => new CliError(exitCodes.usage, message);

/**
 * The code for what a service verb refused: 2 where the request is wrong (the refusal then names its field, such as a
 * column that the file does not have), 3 where the data are.
 */
export function codeOfRefusal(detail: Readonly<Record<string, unknown>> | undefined): ExitCode {
  return detail?.field !== undefined || detail?.fields !== undefined ? exitCodes.usage : exitCodes.badData;
}
