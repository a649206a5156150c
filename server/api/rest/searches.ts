/** Searches over plain REST, for `warmstart run --server`. */

import { AppError } from '../../services/errors.ts';
import { cancelSearch } from '../../services/search/cancel.ts';
import { finishSearch } from '../../services/search/finish.ts';
import { getSearch } from '../../services/search/get.ts';
import { pauseSearch } from '../../services/search/pause.ts';
import { resumeSearch } from '../../services/search/resume.ts';
import { startSearch, startSearchSchema } from '../../services/search/start.ts';
import { json, type RouteArguments, readJson } from '../http.ts';

export async function postSearch({ request, ctx }: RouteArguments<Record<string, never>>): Promise<Response> {
  return json(await startSearch(ctx.service, await readJson(request, startSearchSchema)), 201);
}

export async function readSearch({ ctx, params }: RouteArguments<{ id: string }>): Promise<Response> {
  return json(await getSearch(ctx.service, params));
}

const verbs = { finish: finishSearch, pause: pauseSearch, resume: resumeSearch, cancel: cancelSearch };

export async function controlSearchOverRest({
  ctx,
  params,
}: RouteArguments<{ id: string; verb: string }>): Promise<Response> {
  if (!Object.hasOwn(verbs, params.verb)) throw new AppError('not_found', 'There is no such action.');
  await verbs[params.verb as keyof typeof verbs](ctx.service, { id: params.id });
  return json({ ok: true });
}
