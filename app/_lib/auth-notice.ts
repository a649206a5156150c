/** What Auth.js tells the sign-in page in its address, in plain words. */

export interface AuthNotice {
  readonly tone: 'info' | 'bad';
  readonly text: string;
}

const errors: Readonly<Record<string, string>> = {
  Verification: 'This link was used already or has expired. Ask for a new one.',
  OAuthAccountNotLinked: 'An account with this e-mail address exists. Sign in the way you did before.',
  AccessDenied: 'The other service did not let you in.',
  EmailSignin: 'The mail could not be sent. Try again in a few minutes.',
  MissingCSRF: 'The page was open for too long. Try again.',
};

/** @param params of the page's address; @returns null where there is nothing to say */
export function authNotice(params: Readonly<Record<string, string | string[] | undefined>>): AuthNotice | null {
  const { error, type } = params;
  if (typeof error === 'string') {
    return { tone: 'bad', text: errors[error] ?? 'Signing in did not work. Try again, or use another way.' };
  }
  if (type === 'email') return { tone: 'info', text: 'A link is on its way to your mailbox. It works for 15 minutes.' };
  return null;
}
