/** `GET`: the prepared training data of a search, for a tab that trains on it. */
import { route } from '#server/api/http.ts';
import { streamLentData } from '#server/api/rest/lend.ts';

export const dynamic = 'force-dynamic';

export const GET = route<{ id: string }>(streamLentData);
