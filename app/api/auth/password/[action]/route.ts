/** Sign-up, sign-in, sign-out and reset by password: plain routes, because they set the session cookie. */
import { resetPasswordSchema, signInSchema, signUpSchema } from '#core/contracts/account.ts';
import { AppError, json, type RouteArguments, readJson, route } from '#server/api/http.ts';
import { clearedSessionCookie, sessionCookie } from '#server/auth/cookies.ts';
import { resetPassword } from '#server/auth/reset-password.ts';
import { deleteSession } from '#server/auth/session.ts';
import { signIn } from '#server/auth/sign-in.ts';
import { signUp } from '#server/auth/sign-up.ts';

export const dynamic = 'force-dynamic';

type Arguments = RouteArguments<{ action: string }>;

const actions: Readonly<Record<string, (args: Arguments) => Promise<Response>>> = {
  'sign-up': async ({ request, ctx }) =>
    opened(ctx, await signUp(ctx.service, await readJson(request, signUpSchema), ctx.ip)),
  'sign-in': async ({ request, ctx }) =>
    opened(ctx, await signIn(ctx.service, await readJson(request, signInSchema), ctx.ip)),
  'sign-out': async ({ ctx }) => {
    await closeSession(ctx);
    return json({ ok: true }, 200, { 'set-cookie': clearedSessionCookie(ctx.service.config) });
  },
  reset: async ({ request, ctx }) => {
    await resetPassword(ctx.service, await readJson(request, resetPasswordSchema), ctx.ip);
    return json({ ok: true });
  },
};

export const POST = route<{ action: string }>(
  async (args) => {
    const action = Object.hasOwn(actions, args.params.action) ? actions[args.params.action] : undefined;
    if (!action) throw new AppError('not_found', 'There is no such page.');
    return action(args);
  },
  { sameOrigin: 'always' },
);

/** The session of before ends, so that a browser never holds one that nobody can see. */
async function opened(
  ctx: Arguments['ctx'],
  { userId, token, expires }: { userId: string; token: string; expires: Date },
): Promise<Response> {
  await closeSession(ctx);
  return json({ ok: true, userId }, 200, { 'set-cookie': sessionCookie(ctx.service.config, token, expires) });
}

async function closeSession(ctx: Arguments['ctx']): Promise<void> {
  if (ctx.session) await deleteSession(ctx.service.db, ctx.session.token);
}
