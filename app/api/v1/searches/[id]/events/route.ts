/** `GET /api/v1/searches/<id>/events?after=N`: what happened since. */
import { route } from '#server/api/http.ts';
import { readSearchEvents } from '#server/api/rest/searches.ts';

export const dynamic = 'force-dynamic';

export const GET = route<{ id: string }>(readSearchEvents);
