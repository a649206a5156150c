/** Who may do what: one table, and the one function that every service verb calls first. */
import { and, eq, isNull, or } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { memberships, projects, type roles } from '#db/schema/workspaces.ts';
import { recordAudit } from './audit/record.ts';
import type { ServiceContext } from './context.ts';
import { AppError } from './errors.ts';
import { locate, type Place, type Target } from './targets.ts';

export type Role = (typeof roles)[number];

/** Roles in rising order; each may do all that the ones before it may. */
export const roleRank: Readonly<Record<Role, number>> = { viewer: 0, editor: 1, admin: 2, owner: 3 };

/** The lowest role that may do each thing. */
export const scopes = {
  'workspace.read': 'viewer',
  'workspace.rename': 'admin',
  'project.read': 'viewer',
  'project.create': 'editor',
  'project.rename': 'admin',
  'project.delete': 'admin',
  'project.addSample': 'editor',
  'member.read': 'viewer',
  'member.leave': 'viewer',
  'member.setRole': 'admin',
  'member.remove': 'admin',
  'invitation.read': 'admin',
  'invitation.create': 'admin',
  'invitation.revoke': 'admin',
  'apiKey.read': 'viewer',
  'apiKey.create': 'viewer',
  'apiKey.revoke': 'viewer',
  'audit.read': 'admin',
  'upload.read': 'editor',
  'upload.create': 'editor',
  'upload.write': 'editor',
  'upload.cancel': 'editor',
  'upload.finish': 'editor',
  'dataset.read': 'viewer',
  'dataset.create': 'editor',
  'dataset.setTypes': 'editor',
  'dataset.excludeRows': 'editor',
  'dataset.judgeSplits': 'editor',
  'dataset.rename': 'editor',
  'dataset.delete': 'editor',
  'search.read': 'viewer',
  'search.start': 'editor',
  'search.finish': 'editor',
  'search.pause': 'editor',
  'search.resume': 'editor',
  'search.cancel': 'editor',
  'search.delete': 'editor',
  'search.lend': 'editor',
  'model.read': 'viewer',
  'model.download': 'viewer',
  'model.check': 'editor',
  'model.replay': 'editor',
  'model.publish': 'editor',
  'model.archive': 'editor',
  'model.delete': 'editor',
  'prediction.read': 'viewer',
  'prediction.create': 'editor',
  'prediction.delete': 'editor',
  'bank.export': 'viewer',
  'bank.import': 'editor',
} as const satisfies Record<string, Role>;
export type Scope = keyof typeof scopes;

/** Things that mint or take away access: an API key may not do them, whatever its role. */
export const sessionOnly: ReadonlySet<Scope> = new Set<Scope>([
  'member.setRole',
  'member.remove',
  'member.leave',
  'invitation.create',
  'invitation.revoke',
  'apiKey.create',
  'apiKey.revoke',
]);

/** What `authorize` found out: where the thing lives, and as what the actor stands there. */
export interface Access extends Place {
  readonly role: Role;
}

export const atLeast = (role: Role, needed: Role): boolean => roleRank[role] >= roleRank[needed];
export const lowerRole = (a: Role, b: Role): Role => (roleRank[a] <= roleRank[b] ? a : b);
export const higherRole = (a: Role, b: Role): Role => (roleRank[a] >= roleRank[b] ? a : b);

/**
 * A person's own role in a place: the higher of the role in the project and the role in the whole workspace.
 * @returns null where the person has no part in it
 */
export async function memberRole(db: Executor, userId: string, place: Place): Promise<Role | null> {
  const here = place.projectId
    ? or(isNull(memberships.projectId), eq(memberships.projectId, place.projectId))
    : isNull(memberships.projectId);
  const rows = await db
    .select({ role: memberships.role })
    .from(memberships)
    .where(and(eq(memberships.userId, userId), eq(memberships.workspaceId, place.workspaceId), here));
  return rows.reduce<Role | null>((best, row) => (best ? higherRole(best, row.role) : row.role), null);
}

/** The role an actor may use in a place: a key's role never exceeds what its maker holds at this moment. */
async function actorRole(ctx: ServiceContext, place: Place): Promise<Role | null> {
  const { actor } = ctx;
  if (actor.kind === 'system') return 'owner';
  if (actor.kind === 'stranger') return null;
  if (actor.via === 'key' && actor.keyWorkspaceId !== place.workspaceId) return null;
  const role = await memberRole(ctx.db, actor.userId, place);
  return role && actor.via === 'key' ? lowerRole(role, actor.keyRole ?? 'viewer') : role;
}

/**
 * The scope check: the first statement of every service verb.
 * Denied attempts on things that exist are written to the audit log of that workspace.
 * @throws AppError `unauthenticated` for strangers; `not_found` when the thing does not exist or the actor may not
 *   even see it; `forbidden` when the actor sees it but may not do this
 */
export async function authorize(ctx: ServiceContext, scope: Scope, target: Target): Promise<Access> {
  if (ctx.actor.kind === 'stranger') throw new AppError('unauthenticated', 'Sign in first.');
  const place = await locate(ctx.db, target);
  if (!place) throw new AppError('not_found', 'There is no such thing here.');
  const role = await actorRole(ctx, place);
  const needsSession = sessionOnly.has(scope) && ctx.actor.kind === 'user' && ctx.actor.via === 'key';
  if (role && atLeast(role, scopes[scope]) && !needsSession) return { ...place, role };
  await recordAudit(ctx.db, ctx, { ...place, action: scope, subject: subjectOf(target), denied: true });
  if (!role) throw new AppError('not_found', 'There is no such thing here.');
  throw new AppError(
    'forbidden',
    needsSession ? 'An API key cannot do this; sign in.' : `This needs the role ${scopes[scope]}; yours is ${role}.`,
    needsSession ? undefined : { needed: scopes[scope], role },
  );
}

/** `search:<id>`: how the audit log names a thing. */
export function subjectOf(target: Target): string {
  const [key, id] = Object.entries(target)[0] ?? ['', ''];
  return `${key.replace(/Id$/, '')}:${id}`;
}

/**
 * Every project the actor can see, with the role it may use there: for lists that are not about one project.
 * @returns empty for strangers and the system
 */
export async function visibleProjects(
  ctx: ServiceContext,
): Promise<{ id: string; name: string; workspaceId: string; role: Role; createdAt: Date }[]> {
  const { actor } = ctx;
  if (actor.kind !== 'user') return [];
  const rows = await ctx.db
    .select({ project: projects, role: memberships.role })
    .from(memberships)
    .innerJoin(
      projects,
      and(
        eq(projects.workspaceId, memberships.workspaceId),
        or(isNull(memberships.projectId), eq(memberships.projectId, projects.id)),
      ),
    )
    .where(
      and(
        eq(memberships.userId, actor.userId),
        actor.via === 'key' ? eq(memberships.workspaceId, actor.keyWorkspaceId ?? '') : undefined,
      ),
    )
    .orderBy(projects.createdAt, projects.id);
  const cap = actor.via === 'key' ? (actor.keyRole ?? 'viewer') : 'owner';
  const found = new Map<string, { id: string; name: string; workspaceId: string; role: Role; createdAt: Date }>();
  for (const { project, role } of rows) {
    const before = found.get(project.id);
    found.set(project.id, { ...project, role: lowerRole(before ? higherRole(before.role, role) : role, cap) });
  }
  return [...found.values()];
}
