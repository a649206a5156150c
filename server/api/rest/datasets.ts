/** Data sets over plain REST, for `warmstart run --server`. */
import { z } from 'zod';
import { fileNameSchema } from '#core/contracts/account.ts';
import { createDataset } from '../../services/dataset/create.ts';
import { viewOf } from '../../services/dataset/get.ts';
import { loadVersion } from '../../services/dataset/load.ts';
import { suggestSearch } from '../../services/dataset/suggest.ts';
import { AppError } from '../../services/errors.ts';
import { atLeast, scopes, visibleProjects } from '../../services/scopes.ts';
import { json, type RouteArguments } from '../http.ts';
import { bodyOf } from './body.ts';

const querySchema = z.object({ name: fileNameSchema, project: z.uuid().optional() });

/** `?name=` is the file's name; `?project=` is needed where the key opens several projects. */
export async function postDataset({ request, ctx }: RouteArguments<Record<string, never>>): Promise<Response> {
  const query = querySchema.parse(Object.fromEntries(new URL(request.url).searchParams));
  const projectId = query.project ?? (await onlyProject(ctx.service));
  return json(await createDataset(ctx.service, { projectId, fileName: query.name, body: bodyOf(request) }), 201);
}

async function onlyProject(service: Parameters<typeof visibleProjects>[0]): Promise<string> {
  if (service.actor.kind === 'stranger') throw new AppError('unauthenticated', 'Sign in first.');
  const open = (await visibleProjects(service)).filter((project) => atLeast(project.role, scopes['dataset.create']));
  const [project] = open;
  if (!project) throw new AppError('forbidden', 'There is no project that you may add data to.');
  return project.id;
}

export async function readDatasetVersion({ ctx, params }: RouteArguments<{ versionId: string }>): Promise<Response> {
  const { version } = await loadVersion(ctx.service, 'dataset.read', params.versionId);
  return json({ datasetId: version.datasetId, ...viewOf(version) });
}

export async function readSuggestion({
  request,
  ctx,
  params,
}: RouteArguments<{ versionId: string }>): Promise<Response> {
  const target = new URL(request.url).searchParams.get('target');
  return json(await suggestSearch(ctx.service, { versionId: params.versionId, target }));
}
