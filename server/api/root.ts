/** All procedures of the product. One line per entity. */
import { accountRouter } from './routers/account.ts';
import { apiKeyRouter } from './routers/api-key.ts';
import { auditRouter } from './routers/audit.ts';
import { bankRouter } from './routers/bank.ts';
import { datasetRouter } from './routers/dataset.ts';
import { invitationRouter } from './routers/invitation.ts';
import { lendRouter } from './routers/lend.ts';
import { memberRouter } from './routers/member.ts';
import { modelRouter } from './routers/model.ts';
import { predictionRouter } from './routers/prediction.ts';
import { projectRouter } from './routers/project.ts';
import { searchRouter } from './routers/search.ts';
import { uploadRouter } from './routers/upload.ts';
import { workspaceRouter } from './routers/workspace.ts';
import { router } from './trpc.ts';

export const appRouter = router({
  account: accountRouter,
  apiKey: apiKeyRouter,
  audit: auditRouter,
  bank: bankRouter,
  dataset: datasetRouter,
  invitation: invitationRouter,
  lend: lendRouter,
  member: memberRouter,
  model: modelRouter,
  prediction: predictionRouter,
  project: projectRouter,
  search: searchRouter,
  upload: uploadRouter,
  workspace: workspaceRouter,
});

export type AppRouter = typeof appRouter;
