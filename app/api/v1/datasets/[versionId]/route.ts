/** `GET /api/v1/datasets/<versionId>`: how far the reading is, and the profile. */
import { route } from '#server/api/http.ts';
import { readDatasetVersion } from '#server/api/rest/datasets.ts';

export const dynamic = 'force-dynamic';

export const GET = route<{ versionId: string }>(readDatasetVersion);
