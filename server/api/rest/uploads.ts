/** The bytes of an upload: raw bodies by offset, streamed, never parsed. */
import { z } from 'zod';
import { appendUpload } from '../../services/upload/append.ts';
import { getUpload } from '../../services/upload/get.ts';
import { json, type RouteArguments } from '../http.ts';
import { bodyOf } from './body.ts';

const offsetSchema = z.coerce.number().int().min(0).default(0);

export async function putUploadBytes({ request, ctx, params }: RouteArguments<{ id: string }>): Promise<Response> {
  const offset = offsetSchema.parse(new URL(request.url).searchParams.get('offset') ?? undefined);
  const { received, bytes, state } = await appendUpload(ctx.service, { id: params.id, offset, body: bodyOf(request) });
  return json({ received, bytes, state });
}

export async function readUpload({ ctx, params }: RouteArguments<{ id: string }>): Promise<Response> {
  const { received, bytes, state } = await getUpload(ctx.service, params);
  return json({ received, bytes, state });
}
