/** Every finished trial is remembered: the task with its meta-features, the design with its score and cost. */
import { eq, sql } from 'drizzle-orm';
import { hashDesign } from '#core/spaces/identity.ts';
import type { Tx } from '#db/client.ts';
import { bankTasks, bankTrials } from '#db/schema/bank.ts';
import { datasets, datasetVersions } from '#db/schema/datasets.ts';
import { tasks } from '#db/schema/searches.ts';
import { projects } from '#db/schema/workspaces.ts';
import type { SearchRowData } from '../search/clock.ts';
import { preparationOf, spaceOf } from '../search/prepared.ts';
import type { TrialRowData } from '../trial/view.ts';

/** Private to the workspace. Does nothing for a trial without a score; equal trials of a task are kept once. */
export async function recordTrial(tx: Tx, search: SearchRowData, trial: TrialRowData): Promise<void> {
  if (trial.score === null) return;
  const { setup } = preparationOf(search);
  const [row] = await tx
    .select({ task: tasks, dataset: datasets.name, workspaceId: projects.workspaceId })
    .from(tasks)
    .innerJoin(projects, eq(projects.id, tasks.projectId))
    .innerJoin(datasetVersions, eq(datasetVersions.id, tasks.datasetVersionId))
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(eq(tasks.id, search.taskId));
  if (!row) return;
  const [bankTask] = await tx
    .insert(bankTasks)
    .values({
      workspaceId: row.workspaceId,
      scope: 'private',
      taskHash: row.task.hash,
      kind: row.task.kind,
      metric: row.task.metric,
      name: `${row.dataset} · ${row.task.target}`,
      metaFeatures: { ...setup.metaFeatures },
    })
    // Writing the row again returns its id.
    .onConflictDoUpdate({ target: [bankTasks.workspaceId, bankTasks.taskHash], set: { name: sql`excluded.name` } })
    .returning({ id: bankTasks.id });
  if (!bankTask) return;
  await tx
    .insert(bankTrials)
    .values({
      bankTaskId: bankTask.id,
      trialKey: trial.key,
      designHash: hashDesign(spaceOf(search), trial.design),
      learner: trial.learner,
      design: trial.design,
      origin: trial.origin,
      score: trial.score,
      seconds: trial.seconds ?? 0,
      provenance: { searchId: search.id, trialId: trial.id, budgetSeconds: search.budgetSeconds, device: trial.device },
      artifactKey: trial.artifactKey,
    })
    .onConflictDoNothing();
}
