/** Preparation of raw columns: fitted on training rows, applied in TypeScript, emitted into graphs. */
export { emitPreparation } from './emit.ts';
export { type ColumnSpec, fitPreparation, type PreparationOptions } from './fit.ts';
export { type ColumnPlan, type FeatureShape, featureShape, type Preparation, tensorOf } from './plan.ts';
export { prepare } from './prepare.ts';
