/** Writes the audit log: every mutation in its own transaction, and denied attempts on things that exist. */
import type { Executor } from '#db/client.ts';
import { auditLog } from '#db/schema/accounts.ts';
import type { ServiceContext } from '../context.ts';

export interface AuditEntry {
  readonly workspaceId: string | null;
  readonly projectId: string | null;
  /** `entity.verb`, the name of the scope where there is one. */
  readonly action: string;
  /** `entity:id`. */
  readonly subject: string;
  /** Facts such as a role or a size; never values from somebody's data. */
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
  readonly denied?: boolean;
}

/**
 * @param tx the transaction of the change itself, so that neither stands without the other
 */
export async function recordAudit(
  tx: Executor,
  ctx: Pick<ServiceContext, 'actor' | 'now'>,
  entry: AuditEntry,
): Promise<void> {
  const { actor } = ctx;
  await tx.insert(auditLog).values({
    workspaceId: entry.workspaceId,
    projectId: entry.projectId,
    userId: actor.kind === 'user' ? actor.userId : null,
    actor: actor.kind === 'user' ? actor.via : actor.kind,
    action: entry.action,
    subject: entry.subject,
    detail: { ...entry.detail, ...(actor.kind === 'user' && actor.keyId ? { key: actor.keyId } : {}) },
    denied: entry.denied ?? false,
    createdAt: ctx.now(),
  });
}
