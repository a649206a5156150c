/** One of everything in a project, with the blobs behind it: what the walk of procedures and routes points at. */
import type { ModelMetadata, RunResult } from '#core/contracts/result.ts';
import type { SearchRequest } from '#core/contracts/task.ts';
import { apiKeys } from '#db/schema/accounts.ts';
import { bankTasks, bankTrials } from '#db/schema/bank.ts';
import { datasets, datasetVersions, uploads } from '#db/schema/datasets.ts';
import { models, predictions } from '#db/schema/models.ts';
import { searches, tasks, trials } from '#db/schema/searches.ts';
import { invitations } from '#db/schema/workspaces.ts';
import type { Services } from '#server/services/context.ts';
import { hashToken, randomToken } from '#server/services/tokens.ts';

export interface World {
  readonly workspaceId: string;
  readonly projectId: string;
  readonly ownerId: string;
  /** A plain member of the project who does nothing. */
  readonly memberId: string;
  readonly uploadId: string;
  readonly datasetId: string;
  readonly versionId: string;
  readonly searchId: string;
  readonly trialId: string;
  readonly modelId: string;
  readonly predictionId: string;
  readonly bankTaskId: string;
  readonly invitationId: string;
  readonly invitationToken: string;
  readonly apiKeyId: string;
}

/** Text of the seeded table: 12 rows, a number, a category and a binary target. */
export const tableText = `size,colour,good\n${Array.from(
  { length: 12 },
  (_, i) => `${i},${i % 3 ? 'red' : 'blue'},${i % 2 ? 'yes' : 'no'}`,
).join('\n')}\n`;

const column = { missing: 0, distinct: 12, top: [{ value: 'red', count: 8 }] };
const metadata: ModelMetadata = {
  schema: 'warmstart.model/1',
  task: 'classification',
  target: 'good',
  classes: ['no', 'yes'],
  metric: 'roc_auc',
  scores: { validation: null, test: null },
  columns: [{ input: 'size', name: 'size', type: 'number', tensor: 'float32' }],
};
const golden = '{"inputs":{"size":1},"reason":"sampled","label":"no","probabilities":[0.75,0.25]}\n';

/**
 * @param keyOwnerId whose the API key in the world is
 */
export async function seedWorld(
  services: Services,
  place: { workspaceId: string; projectId: string; ownerId: string; memberId: string },
  keyOwnerId: string,
): Promise<World> {
  const { db, now } = services;
  const { projectId, workspaceId, ownerId } = place;
  const one = <T>(rows: T[]): T => {
    const [row] = rows;
    if (!row) throw new Error('nothing was inserted');
    return row;
  };
  const put = (key: string, text: string) => services.blobs.put(key, new TextEncoder().encode(text));
  const soon = new Date(now().getTime() + 3600_000);

  const upload = one(
    await db
      .insert(uploads)
      .values({ projectId, userId: ownerId, fileName: 'a.csv', bytes: 8, received: 0, blobKey: 'uploads/none' })
      .returning(),
  );
  const dataset = one(await db.insert(datasets).values({ projectId, name: 'table' }).returning());
  const versionId = crypto.randomUUID();
  await put(`datasets/${versionId}/source`, tableText);
  await put(`datasets/${versionId}/preview.jsonl`, '["0","blue","no"]\n["1","red","yes"]\n');
  await db.insert(datasetVersions).values({
    id: versionId,
    datasetId: dataset.id,
    number: 1,
    state: 'ready',
    sourceKey: `datasets/${versionId}/source`,
    sourceSha256: hashToken(tableText + versionId),
    sourceName: 'table.csv',
    sourceBytes: tableText.length,
    contentHash: hashToken(versionId),
    parquetKey: `datasets/${versionId}/table.parquet`,
    previewKey: `datasets/${versionId}/preview.jsonl`,
    rows: 12,
    readyAt: now(),
    profile: {
      rows: 12,
      columns: [
        { name: 'size', type: 'number', wide: false, ...column, min: 0, max: 11 },
        { name: 'colour', type: 'category', wide: false, ...column, distinct: 2 },
        { name: 'good', type: 'category', wide: false, ...column, distinct: 2 },
      ],
      warnings: [],
      corrections: [],
      format: { kind: 'csv', header: true },
    },
  });
  const request: SearchRequest = {
    datasetVersionId: versionId,
    target: 'good',
    kind: 'classification',
    metric: 'roc_auc',
    split: { kind: 'random' },
    testFraction: 0.2,
    budgetSeconds: 60,
    seed: 0,
    prior: 'on',
    strategy: 'default',
    reuse: true,
    stopEarly: false,
  };
  const task = one(
    await db
      .insert(tasks)
      .values({
        projectId,
        datasetVersionId: versionId,
        kind: 'classification',
        target: 'good',
        metric: 'roc_auc',
        hash: hashToken(`task ${versionId}`),
        split: request.split,
        testFraction: 0.2,
      })
      .returning(),
  );
  const modelId = crypto.randomUUID();
  const search = one(
    await db
      .insert(searches)
      .values({
        projectId,
        taskId: task.id,
        number: 1,
        createdBy: ownerId,
        state: 'searching',
        request,
        seed: 0,
        budgetSeconds: 60,
        clockStartedAt: now(),
        startedAt: now(),
        provisionalKey: `models/${modelId}/model.onnx`,
      })
      .returning(),
  );
  const trial = one(
    await db
      .insert(trials)
      .values({
        searchId: search.id,
        number: 1,
        key: 'k',
        role: 'search',
        origin: 'random',
        learner: 'baseline',
        design: {},
        summary: 'baseline',
        seed: 0,
        state: 'done',
        score: 0.5,
      })
      .returning(),
  );
  await put(`models/${modelId}/model.onnx`, 'not parsed by the server');
  await put(`models/${modelId}/model.zip`, 'nor this');
  await put(`models/${modelId}/golden.jsonl`, golden);
  await put(`models/${modelId}/report.json`, '{}');
  await put(`models/${modelId}/receipt.json`, '{}');
  const result: RunResult = {
    schema: 'warmstart.run/1',
    status: 'ready',
    searchId: search.id,
    task: 'classification',
    target: 'good',
    metric: { name: 'roc_auc', direction: 'maximize' },
    model: { path: 'model.onnx', sha256: 'x', bytes: 24, members: [] },
    scores: { validation: null, test: null },
    random: null,
    trials: { done: 1, failed: 0, reused: 0 },
    seconds: { total: 1, firstUsable: 1, search: 1, finalise: 0, verify: 0 },
    verification: [],
    seed: 0,
    receipt: null,
  };
  await db.insert(models).values({
    id: modelId,
    projectId,
    searchId: search.id,
    number: 1,
    name: 'model',
    onnxKey: `models/${modelId}/model.onnx`,
    sha256: 'x',
    bytes: 24,
    metadata,
    result,
    goldenKey: `models/${modelId}/golden.jsonl`,
    reportKey: `models/${modelId}/report.json`,
    receiptKey: `models/${modelId}/receipt.json`,
    verification: [],
    publishableAt: now(),
  });
  const prediction = one(
    await db
      .insert(predictions)
      .values({ modelId, fileName: 'rows.csv', sourceKey: 'none', sourceBytes: 8, format: 'csv', state: 'ready' })
      .returning(),
  );
  await put(`models/${modelId}/predictions/${prediction.id}/predictions.csv`, 'prediction\nno\n');
  const bankTask = one(
    await db
      .insert(bankTasks)
      .values({
        workspaceId,
        scope: 'workspace',
        taskHash: hashToken(`bank ${versionId}`),
        kind: 'classification',
        metric: 'roc_auc',
        name: 'table',
        metaFeatures: {},
      })
      .returning(),
  );
  await db.insert(bankTrials).values({
    bankTaskId: bankTask.id,
    trialKey: 'k',
    designHash: 'd',
    learner: 'baseline',
    design: {},
    origin: 'random',
    score: 0.5,
    seconds: 0.1,
    provenance: {},
  });
  const invitationToken = randomToken();
  const invitation = one(
    await db
      .insert(invitations)
      .values({
        projectId,
        role: 'viewer',
        tokenHash: hashToken(invitationToken),
        createdBy: ownerId,
        expiresAt: soon,
      })
      .returning(),
  );
  const key = one(
    await db
      .insert(apiKeys)
      .values({
        workspaceId,
        userId: keyOwnerId,
        name: 'k',
        prefix: 'ws_',
        hash: hashToken(randomToken()),
        role: 'viewer',
      })
      .returning(),
  );
  return {
    ...place,
    uploadId: upload.id,
    datasetId: dataset.id,
    versionId,
    searchId: search.id,
    trialId: trial.id,
    modelId,
    predictionId: prediction.id,
    bankTaskId: bankTask.id,
    invitationId: invitation.id,
    invitationToken,
    apiKeyId: key.id,
  };
}
