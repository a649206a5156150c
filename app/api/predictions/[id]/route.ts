/** Download of a predicted file, by session cookie or API key. */
import { route } from '#server/api/http.ts';
import { streamPrediction } from '#server/api/rest/prediction-file.ts';

export const dynamic = 'force-dynamic';

export const GET = route<{ id: string }>(streamPrediction);
