/** `POST /api/v1/searches/<id>/{finish,pause,resume,cancel}`. */
import { route } from '#server/api/http.ts';
import { controlSearchOverRest } from '#server/api/rest/searches.ts';

export const dynamic = 'force-dynamic';

export const POST = route<{ id: string; verb: string }>(controlSearchOverRest);
