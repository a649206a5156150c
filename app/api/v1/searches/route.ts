/** `POST /api/v1/searches`: starts a search. */
import { route } from '#server/api/http.ts';
import { postSearch } from '#server/api/rest/searches.ts';

export const dynamic = 'force-dynamic';

export const POST = route(postSearch);
