/** `GET /api/v1/searches/<id>`: a search with its state and result. */
import { route } from '#server/api/http.ts';
import { readSearch } from '#server/api/rest/searches.ts';

export const dynamic = 'force-dynamic';

export const GET = route<{ id: string }>(readSearch);
