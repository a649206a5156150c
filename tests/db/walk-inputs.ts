/** For every procedure and every route, a well-formed call on the things of a seeded world. */
import { tableText, type World } from './world.ts';

type Input = (world: World) => unknown;
const byId =
  (key: keyof World): Input =>
  (world) => ({ id: world[key] });
const inProject: Input = ({ projectId }) => ({ projectId });
/** Nobody holds this lease. */
const lease = '00000000-0000-4000-8000-000000000000';
const leased = ({ trialId }: World) => ({ trialId, lease });
const task = { target: 'good', kind: 'classification', metric: 'roc_auc' };

/** Input of each procedure, by its path. A procedure that is missing here fails the walk. */
export const procedureInputs: Readonly<Record<string, Input>> = {
  'account.me': () => undefined,
  'account.changePassword': () => ({ next: 'a new password' }),
  'account.deleteAccount': () => ({}),
  'workspace.list': () => undefined,
  'workspace.rename': ({ workspaceId }) => ({ id: workspaceId, name: 'Renamed' }),
  'project.list': () => ({}),
  'project.get': byId('projectId'),
  'project.create': ({ workspaceId }) => ({ workspaceId, name: 'Another' }),
  'project.rename': ({ projectId }) => ({ id: projectId, name: 'Renamed' }),
  'project.delete': byId('projectId'),
  'project.samples': () => undefined,
  'project.addSample': ({ projectId }) => ({ projectId, key: 'penguins' }),
  'member.list': inProject,
  'member.leave': inProject,
  'member.setRole': ({ projectId, memberId }) => ({ projectId, userId: memberId, role: 'viewer' }),
  'member.remove': ({ projectId, memberId }) => ({ projectId, userId: memberId }),
  'invitation.list': inProject,
  'invitation.create': ({ projectId }) => ({ projectId, role: 'viewer' }),
  'invitation.revoke': byId('invitationId'),
  'invitation.preview': ({ invitationToken }) => ({ token: invitationToken }),
  'invitation.accept': ({ invitationToken }) => ({ token: invitationToken }),
  'apiKey.list': ({ workspaceId }) => ({ workspaceId }),
  'apiKey.create': ({ workspaceId }) => ({ workspaceId, name: 'key', role: 'viewer' }),
  'apiKey.revoke': byId('apiKeyId'),
  'audit.list': inProject,
  'upload.create': ({ projectId }) => ({ projectId, fileName: 'a.csv', bytes: tableText.length }),
  'upload.get': byId('uploadId'),
  'upload.cancel': byId('uploadId'),
  'upload.finish': byId('uploadId'),
  'dataset.list': inProject,
  'dataset.get': byId('datasetId'),
  'dataset.version': ({ versionId }) => ({ versionId }),
  'dataset.preview': ({ versionId }) => ({ versionId, offset: 0, limit: 10 }),
  'dataset.setTypes': ({ versionId }) => ({ versionId, types: { size: 'category' } }),
  'dataset.excludeRows': ({ versionId }) => ({ versionId, rows: [0] }),
  'dataset.associations': ({ versionId }) => ({ versionId, target: 'good' }),
  'dataset.splits': ({ versionId }) => ({ versionId, target: 'good' }),
  'dataset.judgeSplits': ({ versionId }) => ({ versionId, target: 'good' }),
  'dataset.dependents': byId('datasetId'),
  'dataset.delete': byId('datasetId'),
  'dataset.rename': ({ datasetId }) => ({ id: datasetId, name: 'Renamed' }),
  'dataset.suggest': ({ versionId }) => ({ versionId }),
  'search.start': ({ versionId }) => ({ ...task, datasetVersionId: versionId, budgetSeconds: 60 }),
  'search.get': byId('searchId'),
  'search.list': inProject,
  'search.log': byId('searchId'),
  'search.trials': byId('searchId'),
  'search.trial': byId('trialId'),
  'search.clone': byId('searchId'),
  'search.quote': ({ versionId }) => ({ ...task, versionId, budgetSeconds: 60 }),
  'search.finish': byId('searchId'),
  'search.pause': byId('searchId'),
  'search.resume': byId('searchId'),
  'search.cancel': byId('searchId'),
  'search.delete': byId('searchId'),
  'search.events': byId('searchId'),
  'lend.claim': ({ searchId }) => ({ searchId, device: 'Test 1', learners: ['linear'] }),
  'lend.beat': leased,
  'lend.giveBack': (world) => ({ ...leased(world), why: 'stopped' }),
  'lend.outcome': leased,
  'model.get': byId('modelId'),
  'model.list': inProject,
  'model.report': byId('modelId'),
  'model.golden': byId('modelId'),
  'model.insights': byId('modelId'),
  'model.checks': byId('modelId'),
  'model.outline': byId('modelId'),
  'model.faults': ({ modelId }) => ({ id: modelId, kind: 'label' }),
  'model.submitCheck': ({ modelId }) => ({
    modelId,
    browser: 'Test 1',
    runtime: 'onnxruntime-web 1 wasm',
    outputs: { labels: ['no'], probabilities: [[0.75, 0.25]] },
  }),
  'model.replay': byId('modelId'),
  'model.replays': byId('modelId'),
  'model.publish': byId('modelId'),
  'model.archive': byId('modelId'),
  'model.delete': byId('modelId'),
  'prediction.list': ({ modelId }) => ({ modelId }),
  'prediction.create': ({ modelId, uploadId }) => ({ modelId, uploadId }),
  'prediction.delete': byId('predictionId'),
  'bank.tasks': () => undefined,
  'bank.task': byId('bankTaskId'),
  'bank.find': () => ({ text: 'trees' }),
  'bank.export': ({ workspaceId }) => ({ workspaceId }),
  'bank.import': ({ workspaceId }) => ({ workspaceId, text: '{"schema":"warmstart.bank/1"}' }),
};

export interface RouteCall {
  /** A scope of the table, or `public`. */
  readonly access: string;
  readonly params: (world: World) => Record<string, string | string[]>;
  readonly query?: (world: World) => string;
  readonly body?: (world: World) => string;
}

const searchBody = (world: World) => JSON.stringify(procedureInputs['search.start']?.(world));
const idOf =
  (key: keyof World, more: Record<string, string> = {}): RouteCall['params'] =>
  (world) => ({ id: world[key], ...more });

/** Calls of each route by folder below app/api, then by method. A route or method that is missing here fails the walk. */
export const routeCalls: Readonly<Record<string, Readonly<Record<string, readonly RouteCall[]>>>> = {
  'auth/[...nextauth]': {
    GET: [{ access: 'public', params: () => ({ nextauth: ['providers'] }) }],
    POST: [{ access: 'public', params: () => ({ nextauth: ['signout'] }) }],
  },
  'auth/password/[action]': {
    POST: [{ access: 'public', params: () => ({ action: 'sign-out' }), body: () => '' }],
  },
  health: { GET: [{ access: 'public', params: () => ({}) }] },
  'trpc/[trpc]': {
    GET: [{ access: 'public', params: () => ({ trpc: 'account.me' }) }],
    POST: [
      {
        access: 'project.rename',
        params: () => ({ trpc: 'project.rename' }),
        body: ({ projectId }) => JSON.stringify({ json: { id: projectId, name: 'Renamed' } }),
      },
    ],
  },
  'uploads/[id]': {
    GET: [{ access: 'upload.read', params: idOf('uploadId') }],
    PUT: [{ access: 'upload.write', params: idOf('uploadId'), query: () => 'offset=0', body: () => 'a,b\n1,2\n' }],
  },
  'lend/data/[id]': { GET: [{ access: 'search.lend', params: idOf('searchId') }] },
  'lend/model/[id]': {
    PUT: [{ access: 'search.lend', params: idOf('trialId'), query: () => `lease=${lease}`, body: () => 'model' }],
  },
  'models/[id]/[file]': {
    GET: ['model.onnx', 'golden.jsonl'].map((file) => ({
      access: 'model.download',
      params: idOf('modelId', { file }),
    })),
  },
  'predictions/[id]': { GET: [{ access: 'prediction.read', params: idOf('predictionId') }] },
  'v1/models/[id]/[file]': {
    GET: [{ access: 'model.download', params: idOf('modelId', { file: 'model.onnx' }) }],
  },
  'v1/searches': { POST: [{ access: 'search.start', params: () => ({}), body: searchBody }] },
  'v1/searches/[id]': { GET: [{ access: 'search.read', params: idOf('searchId') }] },
  'v1/searches/[id]/events': { GET: [{ access: 'search.read', params: idOf('searchId') }] },
  'v1/searches/[id]/usable.onnx': { GET: [{ access: 'model.download', params: idOf('searchId') }] },
  'v1/searches/[id]/[verb]': {
    POST: ['finish', 'pause', 'resume', 'cancel'].map((verb) => ({
      access: `search.${verb}`,
      params: idOf('searchId', { verb }),
    })),
  },
  'v1/datasets': {
    POST: [
      {
        access: 'dataset.create',
        params: () => ({}),
        query: ({ projectId }) => `name=a.csv&project=${projectId}`,
        body: () => tableText,
      },
    ],
  },
  'v1/datasets/[versionId]/suggest': {
    GET: [{ access: 'dataset.read', params: ({ versionId }) => ({ versionId }), query: () => 'target=good' }],
  },
  'v1/datasets/[versionId]': { GET: [{ access: 'dataset.read', params: ({ versionId }) => ({ versionId }) }] },
};
