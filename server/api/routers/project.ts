import { z } from 'zod';
import { createProjectSchema, nameSchema } from '#core/contracts/account.ts';
import { addSample, listSamples } from '../../services/dataset/samples.ts';
import { createProject } from '../../services/project/create.ts';
import { deleteProject } from '../../services/project/delete.ts';
import { getProject } from '../../services/project/get.ts';
import { listProjects } from '../../services/project/list.ts';
import { renameProject } from '../../services/project/rename.ts';
import { router, scopedProcedure, selfProcedure } from '../trpc.ts';

const byId = z.object({ id: z.uuid() });

export const projectRouter = router({
  list: selfProcedure
    .input(z.object({ workspaceId: z.uuid().nullish() }).default({}))
    .query(({ ctx, input }) => listProjects(ctx.service, input)),
  get: scopedProcedure('project.read')
    .input(byId)
    .query(({ ctx, input }) => getProject(ctx.service, input)),
  create: scopedProcedure('project.create')
    .input(createProjectSchema)
    .mutation(({ ctx, input }) => createProject(ctx.service, input)),
  rename: scopedProcedure('project.rename')
    .input(byId.extend({ name: nameSchema }))
    .mutation(({ ctx, input }) => renameProject(ctx.service, input)),
  delete: scopedProcedure('project.delete')
    .input(byId)
    .mutation(({ ctx, input }) => deleteProject(ctx.service, input)),
  samples: selfProcedure.query(() => listSamples()),
  addSample: scopedProcedure('project.addSample')
    .input(z.object({ projectId: z.uuid(), key: z.string().max(100) }))
    .mutation(({ ctx, input }) => addSample(ctx.service, input)),
});
