/** `GET /api/v1/searches/<id>/usable.onnx`: the best model so far. */
import { route } from '#server/api/http.ts';
import { readUsableModel } from '#server/api/rest/searches.ts';

export const dynamic = 'force-dynamic';

export const GET = route<{ id: string }>(readUsableModel);
