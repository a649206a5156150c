import { and, desc, eq, isNull, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import { auditLog, users } from '#db/schema/accounts.ts';
import { displayName } from '../account/me.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { atLeast, authorize, memberRole } from '../scopes.ts';

export interface AuditRow {
  readonly id: string;
  readonly at: Date;
  /** Name of the person, null for the product itself and for deleted accounts. */
  readonly who: string | null;
  /** `session`, `key`, `system` or `stranger`. */
  readonly via: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
  readonly denied: boolean;
}

const pageSize = 50;
const cursorSchema = z.tuple([z.iso.datetime(), z.uuid()]);

/**
 * A project's audit log, newest first, a page at a time; admins of the whole workspace also see what concerns it.
 * @param input `cursor` as the page before returned it
 */
export async function listAudit(
  ctx: ServiceContext,
  input: { projectId: string; cursor?: string | null | undefined },
): Promise<{ rows: AuditRow[]; nextCursor: string | null }> {
  const { workspaceId } = await authorize(ctx, 'audit.read', { projectId: input.projectId });
  const whole =
    ctx.actor.kind === 'user' ? await memberRole(ctx.db, ctx.actor.userId, { workspaceId, projectId: null }) : 'owner';
  const seesWorkspace = whole !== null && atLeast(whole, 'admin');
  const found = await ctx.db
    .select({ entry: auditLog, user: users })
    .from(auditLog)
    .leftJoin(users, eq(users.id, auditLog.userId))
    .where(
      and(
        eq(auditLog.workspaceId, workspaceId),
        or(eq(auditLog.projectId, input.projectId), seesWorkspace ? isNull(auditLog.projectId) : undefined),
        input.cursor ? before(input.cursor) : undefined,
      ),
    )
    .orderBy(desc(auditLog.createdAt), desc(auditLog.id))
    .limit(pageSize + 1);
  const rows = found.slice(0, pageSize).map(({ entry, user }) => ({
    id: entry.id,
    at: entry.createdAt,
    who: user ? displayName(user) : null,
    via: entry.actor,
    action: entry.action,
    subject: entry.subject,
    detail: entry.detail ?? {},
    denied: entry.denied,
  }));
  const last = rows.at(-1);
  return { rows, nextCursor: found.length > pageSize && last ? `${last.at.toISOString()}_${last.id}` : null };
}

function before(cursor: string) {
  const parsed = cursorSchema.safeParse(cursor.split('_'));
  if (!parsed.success) throw new AppError('invalid', 'This cursor is not one of ours.');
  const [at, id] = parsed.data;
  return sql`(${auditLog.createdAt}, ${auditLog.id}) < (${at}::timestamptz, ${id}::uuid)`;
}
