/** Every address of the interface, in one place. */
export const routes = {
  projects: () => '/projects',
  /** The first project of a new account. */
  start: () => '/projects/start',
  project: (projectId: string) => `/projects/${projectId}`,
  dataset: (projectId: string, datasetId: string, version?: number) =>
    `/projects/${projectId}/datasets/${datasetId}${version === undefined ? '' : `?version=${version}`}`,
  newSearch: (projectId: string, versionId: string) => `/projects/${projectId}/searches/new?version=${versionId}`,
  search: (projectId: string, searchId: string) => `/projects/${projectId}/searches/${searchId}`,
  model: (projectId: string, modelId: string) => `/projects/${projectId}/models/${modelId}`,
  models: (projectId: string) => `/projects/${projectId}/models`,
  bank: () => '/bank',
  bankTask: (taskId: string) => `/bank/${taskId}`,
  team: (projectId?: string | null) => (projectId ? `/team?project=${projectId}` : '/team'),
  activity: (projectId?: string | null) => (projectId ? `/activity?project=${projectId}` : '/activity'),
  keys: () => '/settings/keys',
  account: () => '/settings/account',
  signIn: (next?: string) => (next ? `/sign-in?next=${encodeURIComponent(next)}` : '/sign-in'),
  signUp: (next?: string) => (next ? `/sign-up?next=${encodeURIComponent(next)}` : '/sign-up'),
  invite: (token: string) => `/invite/${token}`,
} as const;

/** A path on this site to go on to, or the projects page for anything that could lead elsewhere. */
export function safeNext(next: string | null | undefined): string {
  return next && /^\/(?![/\\])[^\s\\]*$/.test(next) ? next : routes.projects();
}

/** The project in the address, if the page belongs to one. */
export function projectInPath(path: string): string | null {
  return /^\/projects\/([0-9a-f-]{36})/.exec(path)?.[1] ?? null;
}
