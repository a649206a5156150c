/** `warmstart run --server URL`: the same run over REST, with an API key. */
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DataErrorDetail } from '#core/contracts/dataset.ts';
import type { SearchEvent, SearchView } from '#core/contracts/views.ts';
import type { Backend, TaskProposal } from './backend.ts';
import { describeDataError } from './data-error.ts';
import { CliError, codeOfRefusal, exitCodes, usageError } from './exit.ts';

const pollMs = 1000;
const ended: readonly string[] = ['ready', 'failed', 'cancelled'];
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

interface Refusal {
  readonly error?: { readonly message?: string; readonly detail?: Readonly<Record<string, unknown>> };
}

interface RemoteVersion {
  readonly state: 'queued' | 'reading' | 'ready' | 'failed';
  readonly error: DataErrorDetail | null;
}

export function openRemote(server: string, key: string | undefined, project: string | null): Backend {
  if (!key) throw usageError('--server needs an API key in the environment variable WARMSTART_API_KEY.');

  async function call(path: string, init: RequestInit & { duplex?: 'half' } = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${key}`, ...(init.headers as Record<string, string> | undefined) };
    const reply = await fetch(`${server}${path}`, { ...init, headers }).catch((error: Error) => {
      throw new CliError(
        1,
        `${server} does not answer: ${error.cause instanceof Error ? error.cause.message : error.message}`,
      );
    });
    if (reply.ok) return reply;
    const body = (await reply.json().catch(() => null)) as Refusal | null;
    const message = body?.error?.message ?? `${server}${path}: HTTP ${reply.status}`;
    if (reply.status === 401 || reply.status === 403) throw usageError(`${server}: ${message}`);
    const refused = [400, 404, 409, 413, 422].includes(reply.status);
    throw new CliError(refused ? codeOfRefusal(body?.error?.detail) : 1, message);
  }
  const get = async <T>(path: string): Promise<T> => (await call(path)).json() as Promise<T>;
  const post = async <T>(path: string, body: unknown): Promise<T> => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return (await call(path, init)).json() as Promise<T>;
  };
  const download = async (path: string, to: string) => {
    const reply = await call(path);
    if (!reply.body) throw new CliError(1, `${server}${path} sent nothing.`);
    await pipeline(Readable.fromWeb(reply.body as Parameters<typeof Readable.fromWeb>[0]), createWriteStream(to));
  };

  return {
    async addTable(path) {
      const query = new URLSearchParams({ name: basename(path), ...(project ? { project } : {}) });
      const reply = await call(`/api/v1/datasets?${query}`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream', 'content-length': String((await stat(path)).size) },
        body: Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>,
        duplex: 'half',
      });
      const { versionId } = (await reply.json()) as { versionId: string };
      for (; ; await pause(250)) {
        const version = await get<RemoteVersion>(`/api/v1/datasets/${versionId}`);
        if (version.state === 'ready') return versionId;
        if (version.state === 'failed')
          throw new CliError(exitCodes.badData, describeDataError(version.error, basename(path)));
      }
    },
    propose: (versionId, target) =>
      get<TaskProposal>(`/api/v1/datasets/${versionId}/suggest?${new URLSearchParams({ target })}`),
    start: async (request) => (await post<{ searchId: string }>('/api/v1/searches', request)).searchId,
    async follow(searchId, tell, signal) {
      let last = 0;
      for (;;) {
        const view = await get<SearchView>(`/api/v1/searches/${searchId}`);
        const events = await get<SearchEvent[]>(`/api/v1/searches/${searchId}/events?after=${last}`);
        for (const event of events) {
          tell(event, view);
          last = event.number;
        }
        if (ended.includes(view.state) || signal.aborted) return view;
        await pause(pollMs);
      }
    },
    async cancel(searchId) {
      await post(`/api/v1/searches/${searchId}/cancel`, {}).catch((error) => {
        if (!(error instanceof CliError)) throw error;
      });
      return get<SearchView>(`/api/v1/searches/${searchId}`);
    },
    // Types are settled by the server, which converts a test table's columns when it reads them.
    alignTypes: async (testVersionId) => testVersionId,
    async saveBest(searchId, path) {
      try {
        await download(`/api/v1/searches/${searchId}/usable.onnx`, path);
        return true;
      } catch (error) {
        if (error instanceof CliError) return false;
        throw error;
      }
    },
    save: (modelId, file, path) => download(`/api/v1/models/${modelId}/${file}`, path),
    close: async () => undefined,
  };
}
