/** Auth.js: OAuth and mail links, each where its settings are there. Passwords are ours (sign-in.ts). */
import type { NextAuthConfig } from 'next-auth';
import GitHub from 'next-auth/providers/github';
import Google from 'next-auth/providers/google';
import Nodemailer from 'next-auth/providers/nodemailer';
import { createHome } from '../services/account/create-home.ts';
import { welcome } from '../services/account/welcome.ts';
import type { Services } from '../services/context.ts';
import { takeAttempt } from '../services/rate-limit/take.ts';
import { createAdapter } from './adapter.ts';
import { usesSecureCookies } from './cookies.ts';
import { mailLinkLimit } from './limits.ts';
import { sendMailLink } from './mail-link.ts';
import { sessionSeconds } from './session.ts';

export function authConfig(services: Services): NextAuthConfig {
  const { config, db, log } = services;
  const { github, google } = config.oauth;
  const { mail } = config;
  return {
    adapter: createAdapter(db),
    secret: config.authSecret,
    trustHost: true,
    basePath: '/api/auth',
    useSecureCookies: usesSecureCookies(config),
    session: { strategy: 'database', maxAge: sessionSeconds, updateAge: 24 * 3600 },
    providers: [
      ...(github ? [GitHub({ clientId: github.id, clientSecret: github.secret })] : []),
      ...(google ? [Google({ clientId: google.id, clientSecret: google.secret })] : []),
      ...(mail
        ? [
            Nodemailer({
              server: mail.server,
              from: mail.from,
              maxAge: 15 * 60,
              sendVerificationRequest: async ({ identifier, url }) => {
                await takeAttempt(db, mailLinkLimit, [identifier], services.now());
                await sendMailLink(mail, identifier, url);
              },
            }),
          ]
        : []),
    ],
    pages: { signIn: '/sign-in', error: '/sign-in', verifyRequest: '/sign-in' },
    events: {
      async createUser({ user }) {
        if (!user.id || !user.email) return;
        const person = { id: user.id, name: user.name ?? null, email: user.email };
        const projectId = await db.transaction((tx) => createHome(tx, person, services.now));
        if (projectId) await welcome(services, person.id, projectId);
      },
    },
    logger: {
      error: (error) => log.warn({ err: error }, 'Auth.js'),
      warn: (code) => log.debug({ code }, 'Auth.js'),
    },
  };
}
