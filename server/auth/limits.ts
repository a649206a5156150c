/** How often one may try. Addresses can be shared or forged, so each limit also has one per mail alone. */
import type { Limit } from '../services/rate-limit/take.ts';

export const signInLimit: Limit = { name: 'sign-in', max: 10, seconds: 15 * 60 };
export const signInMailLimit: Limit = { name: 'sign-in-mail', max: 50, seconds: 15 * 60 };
export const signInAddressLimit: Limit = { name: 'sign-in-address', max: 200, seconds: 15 * 60 };
export const signUpLimit: Limit = { name: 'sign-up', max: 200, seconds: 3600 };
export const passwordLimit: Limit = { name: 'password', max: 10, seconds: 15 * 60 };
export const resetLimit: Limit = { name: 'reset', max: 30, seconds: 15 * 60 };
export const mailLinkLimit: Limit = { name: 'mail-link', max: 5, seconds: 15 * 60 };
