/** Audit entries in plain words. Names of actions are `entity.verb`; unknown ones stand as they are, made readable. */

import { formatBytes, formatDuration } from '../../_lib/format.ts';

const words: Readonly<Record<string, string>> = {
  'account.create': 'created the account',
  'apiKey.create': 'made an API key',
  'apiKey.revoke': 'revoked an API key',
  'bank.export': 'saved the bank to a file',
  'bank.import': 'added a file to the bank',
  'dataset.create': 'added a data set',
  'dataset.delete': 'deleted a data set',
  'dataset.excludeRows': 'left rows out of a data set',
  'dataset.rename': 'renamed a data set',
  'dataset.setTypes': 'changed column types',
  'invitation.accept': 'accepted an invitation',
  'invitation.create': 'made an invitation link',
  'invitation.revoke': 'revoked an invitation link',
  'member.leave': 'left the project',
  'member.remove': 'removed a member',
  'member.setRole': 'changed a member’s role',
  'model.archive': 'archived a model',
  'model.check': 'checked a model in a browser',
  'model.delete': 'deleted a model',
  'model.download': 'downloaded a model',
  'model.replay': 'replayed a model',
  'model.publish': 'published a model',
  'prediction.create': 'predicted a file',
  'prediction.delete': 'deleted the predictions of a file',
  'project.addSample': 'added a sample data set',
  'project.create': 'created the project',
  'project.delete': 'deleted a project',
  'project.rename': 'renamed the project',
  'search.cancel': 'cancelled a search',
  'search.delete': 'deleted a search',
  'search.finish': 'asked a search to finish',
  'search.lend': 'lent a tab to a search',
  'search.pause': 'paused a search',
  'search.resume': 'resumed a search',
  'search.start': 'started a search',
  'upload.cancel': 'cancelled an upload',
  'upload.create': 'began an upload',
  'upload.finish': 'finished an upload',
  'workspace.rename': 'renamed the workspace',
};

/** @param action as the log holds it, e.g. `search.start` */
export function activityWords(action: string): string {
  const known = words[action];
  if (known) return known;
  const [entity = '', verb = ''] = action.split('.');
  const spaced = (text: string) => text.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return `${spaced(verb)} ${spaced(entity)}`.trim();
}

/** Amounts in their units, everything else as it stands. */
function valueWords(key: string, value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number' && key === 'bytes') return formatBytes(value);
  if (typeof value === 'number' && key === 'budget') return formatDuration(value);
  return String(value);
}

/** `role: editor, bytes: 456 kB`; leaves out what is empty and the ids of keys and leases. */
export function activityDetail(detail: Readonly<Record<string, string | number | boolean | null>>): string {
  return Object.entries(detail)
    .flatMap(([key, value]) =>
      value === null || key === 'key' || key === 'lease' ? [] : `${key}: ${valueWords(key, value)}`,
    )
    .join(', ');
}

/** Through what somebody acted. */
export function activityWay(via: string): string {
  if (via === 'key') return 'API key';
  return via === 'session' ? 'browser' : via;
}
