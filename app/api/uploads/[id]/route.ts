/** The bytes of an upload: `PUT ?offset=` takes the next ones, `GET` says how many have arrived. */
import { route } from '#server/api/http.ts';
import { putUploadBytes, readUpload } from '#server/api/rest/uploads.ts';

export const dynamic = 'force-dynamic';

export const PUT = route<{ id: string }>(putUploadBytes);
export const GET = route<{ id: string }>(readUpload);
