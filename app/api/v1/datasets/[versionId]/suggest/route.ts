/** `GET /api/v1/datasets/<versionId>/suggest?target=`: task, metric, split and budget proposed from the data. */
import { route } from '#server/api/http.ts';
import { readSuggestion } from '#server/api/rest/datasets.ts';

export const dynamic = 'force-dynamic';

export const GET = route<{ versionId: string }>(readSuggestion);
