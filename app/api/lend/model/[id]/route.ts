/** `PUT ?lease=`: what a tab trained for the trial that was lent to it. */
import { route } from '#server/api/http.ts';
import { putLentModel } from '#server/api/rest/lend.ts';

export const dynamic = 'force-dynamic';

export const PUT = route<{ id: string }>(putLentModel);
