import { z } from 'zod';
import { nameSchema } from '#core/contracts/account.ts';
import { columnTypes } from '#core/contracts/dataset.ts';
import { taskKinds } from '#core/contracts/task.ts';
import { askSplits } from '../../services/dataset/ask-splits.ts';
import { findAssociations } from '../../services/dataset/associations.ts';
import { deleteDataset } from '../../services/dataset/delete.ts';
import { listDependents } from '../../services/dataset/dependents.ts';
import { excludeRows } from '../../services/dataset/exclude-rows.ts';
import { getDataset } from '../../services/dataset/get.ts';
import { listDatasets } from '../../services/dataset/list.ts';
import { previewDataset } from '../../services/dataset/preview.ts';
import { renameDataset } from '../../services/dataset/rename.ts';
import { setDatasetTypes } from '../../services/dataset/set-types.ts';
import { getSplits } from '../../services/dataset/splits.ts';
import { suggestSearch } from '../../services/dataset/suggest.ts';
import { getVersion } from '../../services/dataset/version.ts';
import { router, scopedProcedure } from '../trpc.ts';

const byId = z.object({ id: z.uuid() });
const ofVersion = z.object({ versionId: z.uuid() });
const columnName = z.string().min(1).max(10_000);
const splitSubject = ofVersion.extend({
  target: z.string().min(1).max(500),
  /** As proposed for the target where left out. */
  kind: z.enum(taskKinds).nullish(),
  testVersionId: z.uuid().nullish(),
});

export const datasetRouter = router({
  list: scopedProcedure('dataset.read')
    .input(z.object({ projectId: z.uuid() }))
    .query(({ ctx, input }) => listDatasets(ctx.service, input)),
  get: scopedProcedure('dataset.read')
    .input(byId.extend({ version: z.number().int().min(1).nullish() }))
    .query(({ ctx, input }) => getDataset(ctx.service, input)),
  version: scopedProcedure('dataset.read')
    .input(ofVersion)
    .query(({ ctx, input }) => getVersion(ctx.service, input)),
  preview: scopedProcedure('dataset.read')
    .input(
      ofVersion.extend({
        offset: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(1000).default(100),
        /** Set by infinite queries: takes the place of `offset`. */
        cursor: z.number().int().min(0).nullish(),
      }),
    )
    .query(({ ctx, input }) => previewDataset(ctx.service, { ...input, offset: input.cursor ?? input.offset })),
  setTypes: scopedProcedure('dataset.setTypes')
    .input(
      ofVersion.extend({
        types: z
          .record(columnName, z.enum(columnTypes))
          .refine((types) => Object.keys(types).length > 0, 'No type is set.'),
      }),
    )
    .mutation(({ ctx, input }) => setDatasetTypes(ctx.service, input)),
  excludeRows: scopedProcedure('dataset.excludeRows')
    .input(ofVersion.extend({ rows: z.array(z.number().int().min(0)).min(1).max(100_000) }))
    .mutation(({ ctx, input }) => excludeRows(ctx.service, input)),
  associations: scopedProcedure('dataset.read')
    .input(ofVersion.extend({ target: columnName }))
    .query(({ ctx, input }) => findAssociations(ctx.service, input)),
  splits: scopedProcedure('dataset.read')
    .input(splitSubject)
    .query(({ ctx, input }) => getSplits(ctx.service, input)),
  judgeSplits: scopedProcedure('dataset.judgeSplits')
    .input(splitSubject)
    .mutation(({ ctx, input }) => askSplits(ctx.service, input)),
  dependents: scopedProcedure('dataset.read')
    .input(byId)
    .query(({ ctx, input }) => listDependents(ctx.service, input)),
  delete: scopedProcedure('dataset.delete')
    .input(byId)
    .mutation(({ ctx, input }) => deleteDataset(ctx.service, input)),
  rename: scopedProcedure('dataset.rename')
    .input(byId.extend({ name: nameSchema }))
    .mutation(({ ctx, input }) => renameDataset(ctx.service, input)),
  suggest: scopedProcedure('dataset.read')
    .input(ofVersion.extend({ target: columnName.nullish() }))
    .query(({ ctx, input }) => suggestSearch(ctx.service, input)),
});
