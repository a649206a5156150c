/** From any thing's id to the project and workspace it lives in. */
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Executor } from '#db/client.ts';
import { apiKeys } from '#db/schema/accounts.ts';
import { datasets, datasetVersions, uploads } from '#db/schema/datasets.ts';
import { models, predictions } from '#db/schema/models.ts';
import { searches, trials } from '#db/schema/searches.ts';
import { invitations, projects, workspaces } from '#db/schema/workspaces.ts';

/** Where a thing lives; `projectId` is null for the workspace itself. */
export interface Place {
  readonly workspaceId: string;
  readonly projectId: string | null;
}

/** What a scope check is about. */
export type Target =
  | { readonly workspaceId: string }
  | { readonly projectId: string }
  | { readonly uploadId: string }
  | { readonly datasetId: string }
  | { readonly versionId: string }
  | { readonly searchId: string }
  | { readonly trialId: string }
  | { readonly modelId: string }
  | { readonly predictionId: string }
  | { readonly invitationId: string }
  | { readonly apiKeyId: string };

const uuid = z.uuid();
const place = { workspaceId: projects.workspaceId, projectId: projects.id };

/** @returns null when there is no such thing, or its id is not an id at all */
export async function locate(db: Executor, target: Target): Promise<Place | null> {
  const id = Object.values(target)[0];
  if (!uuid.safeParse(id).success) return null;
  return (await query(db, target))[0] ?? null;
}

async function query(db: Executor, target: Target): Promise<Place[]> {
  if ('workspaceId' in target) {
    const rows = await db.select({ id: workspaces.id }).from(workspaces).where(eq(workspaces.id, target.workspaceId));
    return rows.map((row) => ({ workspaceId: row.id, projectId: null }));
  }
  if ('apiKeyId' in target) {
    const rows = await db.select({ id: apiKeys.workspaceId }).from(apiKeys).where(eq(apiKeys.id, target.apiKeyId));
    return rows.map((row) => ({ workspaceId: row.id, projectId: null }));
  }
  const from = db.select(place).from(projects).$dynamic();
  if ('projectId' in target) return from.where(eq(projects.id, target.projectId));
  if ('invitationId' in target) {
    return from
      .innerJoin(invitations, eq(invitations.projectId, projects.id))
      .where(eq(invitations.id, target.invitationId));
  }
  if ('uploadId' in target) {
    return from.innerJoin(uploads, eq(uploads.projectId, projects.id)).where(eq(uploads.id, target.uploadId));
  }
  if ('datasetId' in target) {
    return from.innerJoin(datasets, eq(datasets.projectId, projects.id)).where(eq(datasets.id, target.datasetId));
  }
  if ('versionId' in target) {
    return from
      .innerJoin(datasets, eq(datasets.projectId, projects.id))
      .innerJoin(datasetVersions, eq(datasetVersions.datasetId, datasets.id))
      .where(eq(datasetVersions.id, target.versionId));
  }
  if ('modelId' in target) {
    return from.innerJoin(models, eq(models.projectId, projects.id)).where(eq(models.id, target.modelId));
  }
  if ('predictionId' in target) {
    return from
      .innerJoin(models, eq(models.projectId, projects.id))
      .innerJoin(predictions, eq(predictions.modelId, models.id))
      .where(eq(predictions.id, target.predictionId));
  }
  const withSearches = from.innerJoin(searches, eq(searches.projectId, projects.id));
  if ('searchId' in target) return withSearches.where(eq(searches.id, target.searchId));
  return withSearches.innerJoin(trials, eq(trials.searchId, searches.id)).where(eq(trials.id, target.trialId));
}
