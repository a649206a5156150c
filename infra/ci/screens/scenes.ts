/** The pages to picture. One line per page; `signedOut` pages are taken without a session. */
import type { Page } from '@playwright/test';
import type { World } from './world.ts';

export interface Scene {
  /** File name. */
  readonly name: string;
  readonly path: (world: World) => string;
  readonly signedOut?: boolean;
  /** What to do before the picture, e.g. open a menu. */
  readonly act?: (page: Page) => Promise<void>;
}

/** The tabs of a model's page lie below the first screen. */
const toDetails = async (page: Page): Promise<void> => {
  await page.getByRole('region', { name: 'Details' }).scrollIntoViewIfNeeded();
  await page.getByRole('region', { name: 'Details' }).evaluate((card) => card.scrollIntoView({ block: 'start' }));
};

/** Splits are tried while one looks. */
const splitsTried = async (page: Page): Promise<void> => {
  await page.getByText(/^Trying random/).waitFor({ state: 'hidden', timeout: 60_000 });
};

export const scenes: readonly Scene[] = [
  { name: 'sign-in', path: () => '/sign-in', signedOut: true },
  { name: 'sign-up', path: () => '/sign-up', signedOut: true },
  { name: 'projects', path: () => '/projects' },
  { name: 'project', path: (world) => `/projects/${world.projectId}` },
  { name: 'project-empty', path: (world) => `/projects/${world.emptyProjectId}` },
  {
    name: 'data-set',
    path: (world) => `/projects/${world.projectId}/datasets/${world.datasetId}`,
    act: async (page) => {
      const compare = page.getByRole('button', { name: 'Compare splits' });
      if (await compare.isVisible()) await compare.click();
      await splitsTried(page);
    },
  },
  { name: 'data-set-failed', path: (world) => `/projects/${world.projectId}/datasets/${world.failedDatasetId}` },
  {
    name: 'new-search',
    path: (world) => `/projects/${world.projectId}/searches/new?version=${world.versionId}`,
    act: splitsTried,
  },
  { name: 'live-search', path: (world) => `/projects/${world.projectId}/searches/${world.liveSearchId}` },
  { name: 'trial', path: (world) => `/projects/${world.projectId}/searches/${world.liveSearchId}?trial=2` },
  { name: 'pareto', path: (world) => `/projects/${world.projectId}/searches/${world.searchId}?tab=pareto` },
  { name: 'finished-search', path: (world) => `/projects/${world.projectId}/searches/${world.searchId}` },
  { name: 'model', path: (world) => `/projects/${world.projectId}/models/${world.modelId}` },
  {
    name: 'suspect-rows',
    path: (world) => `/projects/${world.projectId}/models/${world.modelId}?tab=faults`,
    act: toDetails,
  },
  {
    name: 'effects',
    path: (world) => `/projects/${world.projectId}/models/${world.modelId}?tab=effects`,
    act: toDetails,
  },
  {
    name: 'weak-spots',
    path: (world) => `/projects/${world.projectId}/models/${world.modelId}?tab=slices`,
    act: toDetails,
  },
  { name: 'models', path: (world) => `/projects/${world.projectId}/models` },
  { name: 'bank', path: () => '/bank?find=oblivious+trees+deeper+than+5+on+small+tables' },
  {
    name: 'bank-task',
    path: () => '/bank',
    act: async (page) => {
      await page.getByRole('table', { name: 'Tasks' }).getByRole('link').first().click();
      await page.getByRole('heading', { name: 'What its data looked like' }).waitFor();
    },
  },
  { name: 'team', path: (world) => `/team?project=${world.projectId}` },
  { name: 'activity', path: (world) => `/activity?project=${world.projectId}` },
  { name: 'keys', path: () => '/settings/keys' },
  { name: 'account', path: () => '/settings/account' },
  {
    name: 'palette',
    path: (world) => `/projects/${world.projectId}`,
    act: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').waitFor();
    },
  },
  { name: 'invitation-gone', path: () => '/invite/unknown', signedOut: true },
  { name: 'not-found', path: () => '/nowhere' },
];
