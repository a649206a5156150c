'use client';
/** Sign-in and sign-up set a cookie, so they are plain requests rather than procedures. */

export interface AuthAnswer {
  readonly ok: boolean;
  /** In the server's words; null when it went well. */
  readonly message: string | null;
  /** Field to which the message belongs, where it belongs to one. */
  readonly field: string | null;
}

interface Fields {
  readonly path: string;
  readonly message: string;
}

function readFields(body: unknown): Fields | null {
  const detail = pick(pick(body, 'error') ?? body, 'detail');
  const fields = pick(detail, 'fields');
  const first: unknown = Array.isArray(fields) ? fields[0] : null;
  const path = pick(first, 'path');
  const message = pick(first, 'message');
  return typeof path === 'string' && typeof message === 'string' ? { path, message } : null;
}

function pick(value: unknown, key: string): unknown {
  return value && typeof value === 'object' && key in value ? (value as Record<string, unknown>)[key] : undefined;
}

/** Posts to `/api/auth/password/<verb>`; network failures are answers too. */
export async function passwordAuth(
  verb: 'sign-in' | 'sign-up' | 'reset',
  input: Readonly<Record<string, string | null>>,
): Promise<AuthAnswer> {
  try {
    const response = await fetch(`/api/auth/password/${verb}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    if (response.ok) return { ok: true, message: null, field: null };
    const body: unknown = await response.json().catch(() => null);
    const field = readFields(body);
    const said = pick(pick(body, 'error'), 'message') ?? pick(body, 'message') ?? pick(body, 'title');
    return {
      ok: false,
      field: field?.path ?? null,
      message: field?.message ?? (typeof said === 'string' ? said : `The server answered ${response.status}.`),
    };
  } catch {
    return { ok: false, field: null, message: 'The server did not answer. Check the connection and try again.' };
  }
}
