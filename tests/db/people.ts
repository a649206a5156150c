/** People for tests: accounts with sessions, and contexts that act as them. */
import { users } from '#db/schema/accounts.ts';
import { memberships } from '#db/schema/workspaces.ts';
import { type Context, createContext } from '#server/api/context.ts';
import { appRouter } from '#server/api/root.ts';
import { createCallerFactory } from '#server/api/trpc.ts';
import { sessionCookieName } from '#server/auth/cookies.ts';
import { createSession } from '#server/auth/session.ts';
import { createHome } from '#server/services/account/create-home.ts';
import type { Services } from '#server/services/context.ts';
import type { Role } from '#server/services/scopes.ts';

export const callerOf = createCallerFactory(appRouter);
export type Caller = ReturnType<typeof callerOf>;

export interface Person {
  readonly id: string;
  readonly email: string;
  /** Headers of a request from this person's browser. */
  readonly headers: Headers;
  readonly ctx: Context;
  readonly call: Caller;
}

/** A signed-in person without any workspace. */
export async function person(services: Services, name: string): Promise<Person> {
  const email = `${name}-${crypto.randomUUID().slice(0, 8)}@example.org`;
  const [user] = await services.db.insert(users).values({ email, name }).returning();
  if (!user) throw new Error('no user');
  const { token } = await createSession(services.db, user.id, services.now());
  const headers = new Headers({ cookie: `${sessionCookieName(services.config)}=${token}` });
  return { id: user.id, email, headers, ...(await asCaller(services, headers)) };
}

/** A person with a workspace and a first project of their own. */
export async function owner(
  services: Services,
  name: string,
): Promise<Person & { workspaceId: string; projectId: string }> {
  const who = await person(services, name);
  const user = { id: who.id, name, email: who.email };
  const projectId = await services.db.transaction((tx) => createHome(tx, user, services.now));
  if (!projectId) throw new Error('no project');
  return { ...who, projectId, workspaceId: (await who.call.project.get({ id: projectId })).workspaceId };
}

/** A person with a role in a project, or in the whole workspace where `projectId` is null. */
export async function member(
  services: Services,
  name: string,
  place: { workspaceId: string; projectId: string | null },
  role: Role,
): Promise<Person> {
  const who = await person(services, name);
  await services.db.insert(memberships).values({ userId: who.id, ...place, role });
  return who;
}

export async function asCaller(services: Services, headers: Headers): Promise<{ ctx: Context; call: Caller }> {
  const ctx = await createContext(headers, services);
  return { ctx, call: callerOf(ctx) };
}
