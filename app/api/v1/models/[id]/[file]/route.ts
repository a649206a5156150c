/** Downloads of a model, by session cookie or API key. */
import { route } from '#server/api/http.ts';
import { streamModelFile } from '#server/api/rest/model-file.ts';

export const dynamic = 'force-dynamic';

export const GET = route<{ id: string; file: string }>(streamModelFile);
