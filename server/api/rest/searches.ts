/** Searches over plain REST, for `warmstart run --server`. */

import { Readable } from 'node:stream';
import { z } from 'zod';
import { AppError } from '../../services/errors.ts';
import { cancelSearch } from '../../services/search/cancel.ts';
import { listSearchEvents } from '../../services/search/events.ts';
import { finishSearch } from '../../services/search/finish.ts';
import { getSearch } from '../../services/search/get.ts';
import { pauseSearch } from '../../services/search/pause.ts';
import { resumeSearch } from '../../services/search/resume.ts';
import { startSearch, startSearchSchema } from '../../services/search/start.ts';
import { openUsableModel } from '../../services/search/usable-file.ts';
import { attachment, json, type RouteArguments, readJson } from '../http.ts';

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

/** Events after `?after=N`, at most 500 at a time. */
export async function readSearchEvents({ request, ctx, params }: RouteArguments<{ id: string }>): Promise<Response> {
  const after = z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .parse(new URL(request.url).searchParams.get('after') ?? 0);
  return json(await listSearchEvents(ctx.service, { id: params.id, afterNumber: after }));
}

/** The best model so far, while a search runs. */
export async function readUsableModel({ ctx, params }: RouteArguments<{ id: string }>): Promise<Response> {
  const { stream, bytes } = await openUsableModel(ctx.service, params);
  return new Response(Readable.toWeb(stream) as ReadableStream<Uint8Array>, {
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(bytes),
      'content-disposition': attachment('usable.onnx'),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  });
}
