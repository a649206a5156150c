/** `POST /api/v1/datasets?name=`: makes a data set from the raw body. */
import { route } from '#server/api/http.ts';
import { postDataset } from '#server/api/rest/datasets.ts';

export const dynamic = 'force-dynamic';

export const POST = route(postDataset);
