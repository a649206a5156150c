/** How a predicted file is shown, loaded and stored. */
import { eq } from 'drizzle-orm';
import type { DataErrorDetail } from '#core/contracts/dataset.ts';
import { predictions } from '#db/schema/models.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { type Access, authorize, type Scope } from '../scopes.ts';

export type PredictionRow = typeof predictions.$inferSelect;

export interface PredictionView {
  readonly id: string;
  readonly fileName: string;
  readonly format: PredictionRow['format'];
  readonly state: PredictionRow['state'];
  /** Rows predicted so far. */
  readonly rows: number;
  readonly bytes: number | null;
  readonly notes: readonly string[];
  readonly error: DataErrorDetail | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

export const viewPrediction = (row: PredictionRow): PredictionView => ({
  id: row.id,
  fileName: row.fileName,
  format: row.format,
  state: row.state,
  rows: row.rows,
  bytes: row.bytes,
  notes: row.notes,
  error: row.error,
  createdAt: row.createdAt,
  endedAt: row.endedAt,
});

/** Everything of it lies under its model, and goes with it. */
export const predictionPrefix = ({ id, modelId }: Pick<PredictionRow, 'id' | 'modelId'>): string =>
  `models/${modelId}/predictions/${id}/`;

export const predictionKey = (row: Pick<PredictionRow, 'id' | 'modelId' | 'format'>): string =>
  `${predictionPrefix(row)}predictions.${row.format}`;

/** @throws AppError `not_found`, `forbidden`, `unauthenticated` */
export async function loadPrediction(
  ctx: ServiceContext,
  scope: Scope,
  predictionId: string,
): Promise<{ prediction: PredictionRow; access: Access }> {
  const access = await authorize(ctx, scope, { predictionId });
  const [prediction] = await ctx.db.select().from(predictions).where(eq(predictions.id, predictionId));
  if (!prediction) throw new AppError('not_found', 'There is no such prediction.');
  return { prediction, access };
}
