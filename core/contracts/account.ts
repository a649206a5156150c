/** What people type about themselves, their projects and their colleagues. */
import { z } from 'zod';

export const memberRoles = ['viewer', 'editor', 'admin', 'owner'] as const;
export type MemberRole = (typeof memberRoles)[number];
/** Roles that an invitation or an API key can carry. */
export const grantableRoles = ['viewer', 'editor', 'admin'] as const;

/** Text that stays on one line: no control characters, so it can never break a header, a log line or a terminal. */
const oneLine = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'This cannot be empty.')
    .max(max, `At most ${max} characters.`)
    .refine((text) => !hasControl(text), 'Line breaks and control characters are not allowed.');

/** Control, line-separator and direction-override characters. */
function hasControl(text: string): boolean {
  return /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(text);
}

/** Name of a project, data set, key, workspace or person. */
export const nameSchema = oneLine(120);

/** A file's own name: one line, no folder. */
export const fileNameSchema = oneLine(255)
  .refine((name) => !/[\\/]/.test(name), 'A file name holds no slash.')
  .refine((name) => name !== '.' && name !== '..', 'This is no file name.');

/** Stored and compared in lower case. */
export const emailSchema = z
  .string()
  .trim()
  .max(254)
  .transform((mail) => mail.toLowerCase())
  .pipe(z.email('This does not look like an e-mail address.'));

/** Length is what counts; the upper limit bounds the cost of hashing. */
export const passwordSchema = z
  .string()
  .min(8, 'At least 8 characters.')
  .max(200, 'At most 200 characters.')
  .refine((password) => new Set(password).size >= 4, 'Use at least four different characters.');

export const signUpSchema = z.object({ email: emailSchema, password: passwordSchema, name: nameSchema.nullish() });
export type SignUpInput = z.input<typeof signUpSchema>;

/** Looser than sign-up on purpose: a wrong password is wrong, not malformed. */
export const signInSchema = z.object({ email: emailSchema, password: z.string().min(1).max(1000) });
export type SignInInput = z.input<typeof signInSchema>;

export const changePasswordSchema = z.object({
  /** Not needed where the account has no password yet. */
  current: z.string().max(1000).nullish(),
  next: passwordSchema,
});

export const resetPasswordSchema = z.object({ token: z.string().min(20).max(200), password: passwordSchema });

export const createProjectSchema = z.object({ name: nameSchema, workspaceId: z.uuid().nullish() });

export const createInvitationSchema = z.object({
  projectId: z.uuid(),
  role: z.enum(grantableRoles),
  /** Only this address may accept; null for whoever holds the link. */
  email: emailSchema.nullish(),
});

export const createApiKeySchema = z.object({
  workspaceId: z.uuid(),
  name: nameSchema,
  role: z.enum(grantableRoles),
  expiresDays: z.number().int().min(1).max(365).default(90),
});
