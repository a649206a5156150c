/** Secrets that we hand out once and keep only as SHA-256: sessions, API keys, invitations, reset links. */
import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, URL-safe. */
export const randomToken = (): string => randomBytes(32).toString('base64url');

/** Enough for tokens of full entropy; passwords need argon2id instead. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');
