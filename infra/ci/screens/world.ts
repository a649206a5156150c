/** What the pictures show: one person, projects with samples, searches at several stages, all made through the product. */
import type { Page } from '@playwright/test';
import { signUp } from '#tests/e2e/people.ts';
import { customers, tableFile } from '#tests/e2e/tables.ts';

export interface World {
  readonly projectId: string;
  readonly emptyProjectId: string;
  readonly datasetId: string;
  readonly versionId: string;
  /** Data set whose file could not be read. */
  readonly failedDatasetId: string;
  /** A finished search and its model; null when the search did not end in one. */
  readonly searchId: string;
  readonly modelId: string | null;
  /** A search that is paused, so that its page holds still. */
  readonly liveSearchId: string;
}

/** Calls a procedure as the person in the page. */
async function call<T>(page: Page, path: string, input: unknown, method: 'GET' | 'POST'): Promise<T> {
  return page.evaluate(
    async ([route, json, verb]) => {
      const body = JSON.stringify({ json });
      const url = `/api/trpc/${route}${verb === 'GET' ? `?input=${encodeURIComponent(body)}` : ''}`;
      const response = await fetch(url, {
        method: verb,
        headers: { 'content-type': 'application/json' },
        ...(verb === 'POST' ? { body } : {}),
      });
      const answer = await response.json();
      if (!response.ok) throw new Error(`${route}: ${answer.error?.json?.message ?? response.status}`);
      return answer.result.data.json;
    },
    [path, input, method] as const,
  ) as Promise<T>;
}

const ask = <T>(page: Page, path: string, input: unknown) => call<T>(page, path, input, 'GET');
const tell = <T>(page: Page, path: string, input: unknown) => call<T>(page, path, input, 'POST');

async function until<T>(what: string, seconds: number, attempt: () => Promise<T | null>): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    const value = await attempt();
    if (value !== null) return value;
    await new Promise((done) => setTimeout(done, 500));
  }
  throw new Error(`${what} did not come within ${seconds} s`);
}

interface Version {
  readonly version: { readonly id: string; readonly state: string };
}

async function read(page: Page, datasetId: string): Promise<string> {
  return until('the data set', 60, async () => {
    const { version } = await ask<Version>(page, 'dataset.get', { id: datasetId });
    return version.state === 'ready' || version.state === 'failed' ? version.id : null;
  });
}

async function upload(page: Page, projectId: string, path: string): Promise<string> {
  await page.goto(`/projects/${projectId}`);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose file' }).click();
  await (await chooser).setFiles(path);
  await page.waitForURL(/\/datasets\/[0-9a-f-]{36}/);
  return page.url().split('/datasets/')[1]?.slice(0, 36) ?? '';
}

interface Suggestion {
  readonly target: string;
  readonly kind: string;
  readonly metric: string;
  readonly positiveClass: string | null;
}

async function search(page: Page, versionId: string, budgetSeconds: number): Promise<string> {
  const { target, kind, metric, positiveClass } = await ask<Suggestion>(page, 'dataset.suggest', { versionId });
  const request = { datasetVersionId: versionId, target, kind, metric, positiveClass, budgetSeconds, seed: 1 };
  return (await tell<{ searchId: string }>(page, 'search.start', request)).searchId;
}

/** Fills an installation through its own pages and procedures; about a minute. */
export async function makeWorld(page: Page): Promise<World> {
  // A fixed address keeps the pictures alike; an installation that has it already gets another person.
  await signUp(page, 'Ada Example', 'ada@example.org').catch(() => signUp(page, 'Ada Example'));
  const [workspace] = await ask<{ id: string }[]>(page, 'workspace.list', null);
  const make = async (name: string) =>
    (await tell<{ id: string }>(page, 'project.create', { name, workspaceId: workspace?.id })).id;
  await tell(page, 'workspace.rename', { id: workspace?.id, name: 'Retention lab' });
  const projectId = await make('Telco churn');
  const emptyProjectId = await make('Plant yield');
  const { datasetId } = await tell<{ datasetId: string }>(page, 'project.addSample', { projectId, key: 'churn' });
  const versionId = await read(page, datasetId);
  await read(page, await upload(page, projectId, tableFile('customers.csv', customers(2000))));
  const failedDatasetId = await upload(
    page,
    projectId,
    tableFile('export_may.jsonl', '{"a": 1}\n{"a": 2}\n{"a": oops}\n'),
  );
  await read(page, failedDatasetId);
  const searchId = await search(page, versionId, 30);
  const modelId = await until('the model', 120, async () => {
    const found = await ask<{ state: string; modelId: string | null }>(page, 'search.get', { id: searchId });
    if (found.state === 'failed' || found.state === 'cancelled') throw new Error(`the search is ${found.state}`);
    return found.state === 'ready' ? found.modelId : null;
  });
  const liveSearchId = await search(page, versionId, 240);
  await until('five trials', 180, async () => {
    const found = await ask<{ trials: { done: number } }>(page, 'search.get', { id: liveSearchId });
    return found.trials.done >= 5 ? true : null;
  });
  await tell(page, 'search.pause', { id: liveSearchId });
  await until('the pause', 60, async () => {
    const { state } = await ask<{ state: string }>(page, 'search.get', { id: liveSearchId });
    return state === 'paused' ? true : null;
  });
  return { projectId, emptyProjectId, datasetId, versionId, failedDatasetId, searchId, modelId, liveSearchId };
}
